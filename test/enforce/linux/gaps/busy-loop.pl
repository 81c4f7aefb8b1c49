#!/usr/bin/perl
# A thread that wants the CPU without a pause, and tells when it did not get it.
#
#   busy-loop.pl LEAST_NS   prints "ready" and waits for a line on standard input, the monotonic time in ns until which it
#                           reads the clock without a pause. Then it prints "ran FROM_NS UNTIL_NS CPU_NS", for each two
#                           consecutive readings at least LEAST_NS apart "gap FROM_NS UNTIL_NS", and "done". Ends with
#                           its standard input.
use strict;
use warnings;
use POSIX ();

my $CLOCK_GETTIME = (POSIX::uname())[4] eq 'aarch64' ? 113 : 228;
my ($MONOTONIC, $THREAD_CPU) = (1, 3);
my ($least) = @ARGV;

sub clock_ns {
    my ($clock) = @_;
    my $time = "\0" x 16;
    syscall($CLOCK_GETTIME, $clock, $time) == 0 or die "clock_gettime: $!\n";
    my ($seconds, $ns) = unpack 'q q', $time;
    return $seconds * 1_000_000_000 + $ns;
}

sub run_until {
    my ($until) = @_;
    my @gaps;
    my ($cpu, $from) = (clock_ns($THREAD_CPU), clock_ns($MONOTONIC));
    my ($last, $now) = ($from, $from);
    my $time = "\0" x 16;
    while ($now < $until) {
        syscall($CLOCK_GETTIME, $MONOTONIC, $time);
        my ($seconds, $ns) = unpack 'q q', $time;
        $now = $seconds * 1_000_000_000 + $ns;
        push @gaps, "gap $last $now\n" if $now - $last >= $least;
        $last = $now;
    }
    return (sprintf("ran %d %d %d\n", $from, $now, clock_ns($THREAD_CPU) - $cpu), @gaps);
}

$| = 1;
print "ready\n";
while (my $line = <STDIN>) { print run_until($line + 0), "done\n" }
