#!/usr/bin/perl
# What it costs that one process preempts another and is left again, on one core: the raw times.
#
#   switch-costs.pl CORE BEST ROUNDS ROUND_NS SWEEP_BYTES
#
# In each round a resident reads its working set over and over, under SCHED_FIFO where it may; and a visitor, woken by a timer
# once a period, preempts it: under SCHED_DEADLINE if BEST is "deadline", else SCHED_FIFO, as far as it may. In between each
# reads SWEEP_BYTES of something else, so that the other comes back to a cache that has forgotten it. Both take their times
# with the same calls. On standard output, in ns of the monotonic clock:
#
#   round CLASS RESIDENT_NS VISITOR_NS   class of the visitor: deadline, fifo or normal; what a pass of the resident, and a
#                                        visit, take when nobody preempts and the cache is warm (medians)
#   pass FROM UNTIL                      three passes of the resident in a row, of which the first took longer than usual
#   visit FROM TOUCHED UNTIL CORE        one visit: it began, had read its working set, had swept; where
#
# Ends with 0, or with 1 when a process could not be confined to CORE.
#
# Perl for the reasons of guardian.pl; and because these are processes, not threads: so the address space is switched too.
use strict;
use warnings;
use IO::Handle ();
use POSIX ();

my $machine = (POSIX::uname())[4];
my ($SETATTR, $SETAFFINITY, $GETAFFINITY, $GETTIME, $NANOSLEEP, $GETCPU, $GETPPID) =
    $machine eq 'x86_64'  ? (314, 203, 204, 228, 230, 309, 110)
  : $machine eq 'aarch64' ? (274, 122, 123, 113, 115, 168, 173)
  :                         die "switch-costs: no table of system calls for $machine\n";
my ($MONOTONIC, $ABSOLUTE) = (1, 1);
my ($NORMAL, $FIFO, $DEADLINE) = (0, 1, 6);
my $RESET_ON_FORK = 1;

# No multiple of the scheduler's tick, so that ticks fall into visits no more often than into other time.
my ($BUDGET, $PERIOD) = (400_000, 1_700_000);
my $WORKING_SET = 65_536;
# How long the resident reads its working set before it sweeps again.
my $BURST = 1_000_000;
my $WARM_UP = 64;
# No visit is as short, with the switches to it and back.
my $LEAST_VISIT = 2_000;

my $best = splice @ARGV, 1, 1;
my ($core, $rounds, $round_ns, $sweep_bytes) = map { $_ + 0 } @ARGV;

# --- the kernel ----------------------------------------------------------------------------------------------------

my $time = "\0" x 16;

sub now {
    syscall($GETTIME, $MONOTONIC, $time);
    my ($seconds, $ns) = unpack 'q q', $time;
    return $seconds * 1_000_000_000 + $ns;
}

sub sleep_until {
    my ($until) = @_;
    my $at = pack 'q q', int($until / 1_000_000_000), $until % 1_000_000_000;
    syscall($NANOSLEEP, $MONOTONIC, $ABSOLUTE, $at, 0);
    return;
}

my $core_now = "\0" x 4;
sub current_core { syscall($GETCPU, $core_now, 0, 0); return unpack 'L', $core_now }

sub set_class {
    my ($policy, $priority, $runtime, $period) = @_;
    my $flags = $policy == $NORMAL ? 0 : $RESET_ON_FORK;
    my $attributes = pack 'L L Q l L Q Q Q', 48, $policy, $flags, 0, $priority, $runtime, $period, $period;
    return syscall($SETATTR, 0, $attributes, 0) == 0;
}

sub confine {
    my $mask = "\0" x 1024;
    vec($mask, $core, 1) = 1;
    return syscall($SETAFFINITY, 0, length $mask, $mask) == 0;
}

# --- work ----------------------------------------------------------------------------------------------------------

# Comparing two equal texts reads both, as fast as the memory gives them.
sub text_of { my ($bytes) = @_; my $text = 'x' x ($bytes / 2); return ($text, 'x' x ($bytes / 2)) }

sub median { my @sorted = sort { $a <=> $b } @_; return $sorted[$#sorted / 2] // 0 }

# --- the resident --------------------------------------------------------------------------------------------------

sub reside {
    my ($to) = @_;
    confine() or POSIX::_exit(1);
    set_class($FIFO, 1, 0, 0) or POSIX::nice(-20);
    my $end = now() + $round_ns;
    my ($one, $other) = text_of($WORKING_SET);
    my ($sweep, $same) = text_of($sweep_bytes);
    my @bursts;
    my $now = now();
    while ($now < $end) {
        my $equal = $sweep eq $same;
        $equal = $one eq $other;
        my @times = ($now = now());
        my $until = $now + $BURST;
        while ($now < $until) {
            $equal = $one eq $other;
            push @times, $now = now();
        }
        push @bursts, \@times;
    }
    my $usual = median(map { my $times = $_; map { $times->[$_] - $times->[ $_ - 1 ] } 1 .. $#$times } @bursts);
    my @passes;
    for my $times (@bursts) {
        for my $pass (1 .. $#$times - 2) {
            next if $times->[$pass] - $times->[ $pass - 1 ] < $usual + $LEAST_VISIT;
            push @passes, "pass $times->[$pass - 1] $times->[$pass + 2]\n";
        }
    }
    print {$to} "resident $usual\n", @passes;
    return;
}

# --- the visitor ---------------------------------------------------------------------------------------------------

sub visit {
    my ($to) = @_;
    my $everywhere = "\0" x 1024;
    my $length = syscall($GETAFFINITY, 0, length $everywhere, $everywhere);
    confine() or POSIX::_exit(1);
    my ($one, $other) = text_of($WORKING_SET);
    my ($sweep, $same) = text_of($sweep_bytes);
    my @visits;
    my $visit = sub {
        my ($leave, $swept, $against) = @_;
        my $from = now();
        my $equal = $one eq $other;
        my $touched = now();
        $equal = $$swept eq $$against;
        my $until = now();
        push @visits, [$from, $touched, $until, current_core()];
        $leave->();
    };
    my $nothing = '';
    $visit->(sub { syscall($GETPPID) }, \$nothing, \$nothing) for 1 .. $WARM_UP;
    my $warm = median(map { $visits[$_][0] - $visits[ $_ - 1 ][0] } 1 .. $#visits);
    my $class = enter(substr $everywhere, 0, $length);
    print {$to} "visitor $class $warm\n"; # in a class from which the resident cannot keep it
    my $wake = now();
    my $end = $wake + $round_ns;
    my $leave = sub { sleep_until($wake += $PERIOD) };
    @visits = ();
    $visit->($leave, \$sweep, \$same) while now() < $end;
    set_class($NORMAL, 0, 0, 0); # it is running, so this leaks nothing
    print {$to} map { join(' ', 'visit', @$_) . "\n" } @visits;
    return;
}

# The best class there is. The kernel admits SCHED_DEADLINE only with an affinity as wide as the root domain; but the thread
# stays on its core as long as no other with a deadline is there.
sub enter {
    my ($everywhere) = @_;
    syscall($SETAFFINITY, 0, length $everywhere, $everywhere);
    return 'deadline' if $best eq 'deadline' && set_class($DEADLINE, 0, $BUDGET, $PERIOD);
    confine();
    return set_class($FIFO, 2, 0, 0) ? 'fifo' : 'normal';
}

# --- a round -------------------------------------------------------------------------------------------------------

sub start {
    my ($work) = @_;
    pipe(my $from, my $to) or die "switch-costs: pipe: $!\n";
    my $pid = fork() // die "switch-costs: fork: $!\n";
    if (!$pid) {
        close $from;
        $to->autoflush(1);
        $work->($to);
        close $to;
        POSIX::_exit(0);
    }
    close $to;
    return ($pid, $from);
}

sub run_round {
    my ($visitor, $visitor_says) = start(\&visit);
    my (undef, $class, $visitor_ns) = split ' ', <$visitor_says> // '';
    my ($resident, $resident_says) = start(\&reside);
    my ($usual, @passes) = <$resident_says>;
    my @visits = <$visitor_says>;
    for my $pid ($visitor, $resident) { waitpid $pid, 0; exit 1 if $? }
    my (undef, $resident_ns) = split ' ', $usual;
    print "round $class $resident_ns $visitor_ns\n", @passes, @visits;
    return;
}

run_round() for 1 .. $rounds;
