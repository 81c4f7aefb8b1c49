# A wire between two tap devices: every frame that goes in at one end comes out at the other after a delay, no faster than a rate.
# Names of the devices are its arguments; it makes them, says "up", and takes lines "DELAY_MS BYTES_PER_SECOND" on its input.
use strict;
use warnings;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my $TUNSETIFF = 0x400454ca;
my $IFF_TAP_NO_PI = 0x0002 | 0x1000;
# Frames that wait for longer than this are dropped, as by any full queue.
my $LONGEST_QUEUE_S = 0.3;

my @taps = map { tap($_) } @ARGV;
my @queues = ( [], [] );
my @free_at = ( 0, 0 );
my ( $delay_s, $rate ) = ( 0, 1e9 );
$| = 1;
print "up\n";

while (1) {
    my $now = clock_gettime(CLOCK_MONOTONIC);
    my $next = 1;
    for my $end ( 0, 1 ) {
        my $queue = $queues[$end];
        while ( @$queue && $queue->[0][0] <= $now ) {
            # The device may be down: then the frame is lost.
            syswrite( $taps[ 1 - $end ], ( shift @$queue )->[1] );
        }
        next unless @$queue;
        my $wait = $queue->[0][0] - $now;
        $next = $wait if $wait < $next;
    }
    my $ready = '';
    vec( $ready, fileno($_), 1 ) = 1 for @taps, \*STDIN;
    next unless select( $ready, undef, undef, $next ) > 0;
    if ( vec( $ready, fileno(STDIN), 1 ) ) {
        sysread( STDIN, my $text, 4096 ) or exit;
        ( $delay_s, $rate ) = ( $1 / 1000, $2 ) if $text =~ /([\d.]+) (\d+)\n\z/;
    }
    for my $end ( 0, 1 ) {
        next unless vec( $ready, fileno( $taps[$end] ), 1 );
        next unless sysread( $taps[$end], my $frame, 65536 );
        my $in = clock_gettime(CLOCK_MONOTONIC);
        $free_at[$end] = $in if $free_at[$end] < $in;
        next if $free_at[$end] > $in + $LONGEST_QUEUE_S;
        $free_at[$end] += length($frame) / $rate;
        push @{ $queues[$end] }, [ $free_at[$end] + $delay_s, $frame ];
    }
}

sub tap {
    my ($name) = @_;
    open( my $tap, '+<', '/dev/net/tun' ) or die "/dev/net/tun: $!\n";
    ioctl( $tap, $TUNSETIFF, pack( 'a16 s x22', $name, $IFF_TAP_NO_PI ) ) or die "$name: $!\n";
    return $tap;
}
