# The host's end of a test network. `udp-peer.pl send ADDRESS PORT BYTES`: sends packets as fast as they are taken.
# `udp-peer.pl receive ADDRESS PORT`: prints the bytes received so far after each line on standard input.
use strict;
use warnings;
use Socket qw(PF_INET SOCK_DGRAM SOL_SOCKET SO_RCVBUF inet_aton pack_sockaddr_in);

$| = 1;
my ($mode, $address, $port, $bytes) = @ARGV;
my $peer = pack_sockaddr_in($port, inet_aton($address));
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
if ($mode eq 'send') {
    my $payload = 'x' x $bytes;
    # Full queues are what is to be: whatever is refused is sent again.
    while (1) { send($socket, $payload, 0, $peer) // select(undef, undef, undef, 0.001) }
}
setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 1 << 20);
bind($socket, $peer) or die "bind: $!";
print "ready\n";
my $total = 0;
while (1) {
    my $ready = '';
    vec($ready, fileno $_, 1) = 1 for $socket, \*STDIN;
    select($ready, undef, undef, undef);
    if (vec($ready, fileno $socket, 1)) { recv($socket, my $packet, 65536, 0); $total += length $packet }
    if (vec($ready, fileno STDIN, 1)) { sysread(STDIN, my $line, 1) or exit; print "$total\n" }
}
