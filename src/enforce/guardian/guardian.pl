#!/usr/bin/perl
# The guardian: gives back what vmc took when the daemon can no longer do it itself.
#
#   guardian.pl watch JOURNAL MS OWNER   expects heartbeats (any byte) on standard input: from the first on one at least
#                                        every MS milliseconds. None, or the end of input, and it releases what OWNER's
#                                        journal holds. A byte "r" releases at once.
#   guardian.pl release JOURNAL          releases now, whoever wrote the journal.
#   guardian.pl probe                    prints the deadline bandwidth that the kernel still admits, in millionths of a
#                                        core.
#
# Ends with 0: nothing was left to undo, or all was undone; 1: something could not be undone (each on standard error).
# In watch mode it ends with 3 when it released because the daemon fell silent. What could not be undone stays in the
# journal, and nothing else.
#
# Perl, because perl-base is on every Debian, starts in 5 ms, stays under 8 MiB and can make the system calls; it uses
# no module that perl-base lacks, and none that takes memory: no POSIX, no %!, no glob. The form of the journal:
# journal.ts, of its records: undo-record.ts.
use strict;
use warnings;

# All of it from the start: what is beside this file may be another version's by the time that it is needed. By a path
# that `require` takes for one; what others use comes first.
BEGIN {
    for my $name (qw(kernel failures files tasks scheduling affinities cgroups programs monitors networks managers undo journal
        release bandwidth))
    {
        my $path = __FILE__ =~ s{[^/]*$}{$name.pl}r;
        require($path =~ m{^/} ? $path : "./$path");
    }
}

# How often what could not be undone is tried again.
my $RETRIES = 300;

# Bits of select(2) for standard input.
sub standard_input { my $bits = ''; vec($bits, 0, 1) = 1; return $bits }

sub watch {
    my ($journal, $timeout_ms, $owner) = @_;
    # The daemon's terminal and its group are not ours: what ends them must not end us.
    $SIG{$_} = 'IGNORE' for qw(HUP INT TERM PIPE QUIT TTOU TTIN TSTP);
    Scheduling::watch_promptly();
    my $patience; # none before the first heartbeat: a daemon takes its time to start
    while (1) {
        my $ready = standard_input();
        my $count = select($ready, undef, undef, $patience);
        next if $count < 0;
        my $bytes = '';
        my $read = $count && sysread(STDIN, $bytes, 4096);
        my $asked = $read && $bytes =~ /r/;
        $patience = $timeout_ms / 1000;
        next if $read && !$asked;
        Scheduling::hurry();
        return Release::release($journal, $owner) if $asked;
        return finish($journal, $owner, Release::release($journal, $owner)) || 3;
    }
}

# What could not be undone is tried again, every second for some minutes: a guest's monitor takes one client, and a daemon that
# hangs keeps it until it is killed. One that goes on beating has what is left carried over to its next guardian.
sub finish {
    my ($journal, $owner, $code) = @_;
    for (my $tries = $RETRIES; $code && $tries > 0; $tries--) {
        Scheduling::without_reservation();
        my $ready = standard_input();
        last if select($ready, undef, undef, 1) > 0 && sysread(STDIN, my $bytes, 4096);
        Kernel::pause_for(1);
        Scheduling::hurry();
        $code = Release::release($journal, $owner);
    }
    return $code;
}

sub probe { printf "%d\n", Bandwidth::free(); return 0 }

my ($mode, @arguments) = @ARGV;
my %MODE = (watch => \&watch, release => \&Release::release, probe => \&probe);
my $run = $MODE{ $mode // '' } or die "usage: guardian.pl watch JOURNAL MS OWNER | release JOURNAL | probe\n";
exit $run->(@arguments);
