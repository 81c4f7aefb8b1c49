# Scheduling classes: the guardian's own, and those of guests' threads, given back.
package Scheduling;
use strict;
use warnings;

my ($NORMAL, $FIFO, $DEADLINE) = (0, 1, 6);
my $RESET_ON_FORK = 1;

# The least server that the kernel grants: its bandwidth rounds to nothing, so that what leaks of it is nothing.
my ($LEAST_RUNTIME, $LEAST_PERIOD) = (1_024, 4_194_304_000);
# How long a runnable guest is held to leave SCHED_DEADLINE cleanly before the quick way is taken.
my $HOLD_SECONDS = 0.3;

# What the guardian holds while it waits, ns (GUARDIAN_BANDWIDTH in guardian.ts): the owner's real-time hogs, on every core,
# must not keep it from noticing that the daemon has ended. And what it asks for when it has work to do, the most first.
my ($WATCH_RUNTIME, $WATCH_PERIOD) = (100_000, 50_000_000);
my ($HURRY_PERIOD, @HURRY_RUNTIMES) = (40_000_000, 20_000_000, 10_000_000, 4_000_000);
# Where it may have no reservation: the least is above that of the guests that have a real-time class in their times.
my @FIFO_PRIORITIES = (50, 2);

sub set_scheduling {
    my ($tid, $policy, $nice, $priority, $runtime, $period, $flags) = @_;
    $flags //= $policy == $DEADLINE ? $RESET_ON_FORK : 0;
    my $attributes = pack('L L Q l L Q Q Q', 48, $policy, $flags, $nice, $priority, $runtime, $period, $period);
    return Kernel::sched_setattr($tid, $attributes) == 0;
}

# A deadline server for this very process, runtime and period in ns.
sub reserve { my ($runtime, $period) = @_; return set_scheduling(0, $DEADLINE, 0, 0, $runtime, $period) }

sub policy_of { my ($tid) = @_; my $attributes = Kernel::sched_getattr($tid) // return -1; return unpack('x4 L', $attributes) }

# The best class that this process may have for its vigil: real-time where all bandwidth is given away, else what it has.
sub watch_promptly {
    return reserve($WATCH_RUNTIME, $WATCH_PERIOD) || without_reservation();
}

# Running, it may leave its server as it is. Never for a smaller one: what it has used too much of, by a tick, would be repaid
# by that, for seconds. Programs that it runs are ordinary ones in any case.
sub without_reservation {
    for my $priority (@FIFO_PRIORITIES) { return 1 if set_scheduling(0, $FIFO, 0, $priority, 0, 0, $RESET_ON_FORK) }
    return set_scheduling(0, $NORMAL, 0, 0, 0, 0, $RESET_ON_FORK);
}

# More of it for the work: what the daemon's own threads held is free by now, if it has ended. It goes with this process. Where
# others hold all that there is, any class is better than what it waited with: that is used up in one tick.
sub hurry {
    for my $runtime (@HURRY_RUNTIMES) { return if reserve($runtime, $HURRY_PERIOD) }
    without_reservation();
    return;
}

# Leaves SCHED_DEADLINE without leaking bandwidth. A thread that is not runnable (asleep, stopped) must shrink first:
# set straight to NORMAL its bandwidth is lost for good. A runnable one must not shrink first: throttled, with a debt
# that the least server takes hours to repay, it could never hold a reservation again. So a runnable one is stopped.
sub leave_deadline {
    my ($pid, $tid, $start, $policy, $nice, $priority) = @_;
    my ($state) = Tasks::task_stat($tid);
    return 1 unless defined $state && Tasks::same_task($tid, $start);
    my $held = 0;
    my ($process_state, $pid_start) = Tasks::task_stat($pid);
    if ($state eq 'R' && defined $pid_start) {
        # Stopped already, by its user: a throttled thread only has yet to notice, and nobody may wake it.
        $held = Tasks::signal_process($pid, $pid_start, Kernel::SIGSTOP)
            unless $process_state eq 'T' || Tasks::stop_pending($pid);
        for (my $left = $HOLD_SECONDS; $left > 0; $left -= 0.002) {
            ($state) = Tasks::task_stat($tid);
            last if !defined $state || $state ne 'R';
            Kernel::pause_for(0.002);
        }
    }
    my $shrunk = !defined $state || $state eq 'R' || set_scheduling($tid, $DEADLINE, 0, 0, $LEAST_RUNTIME, $LEAST_PERIOD);
    my $done = set_scheduling($tid, $policy, $nice, $priority, 0, 0);
    my $error = $!;
    Tasks::signal_process($pid, $pid_start, Kernel::SIGCONT) if $held;
    return 1 if $done && $shrunk || !Tasks::same_task($tid, $start);
    $! = $error;
    return Failures::failed("scheduling class of thread $tid");
}

sub undo_sched {
    my ($pid, $tid, $start, $policy, $nice, $priority) = @_;
    return 1 unless Tasks::same_task($tid, $start);
    return leave_deadline(@_) if policy_of($tid) == $DEADLINE;
    # Without CAP_SYS_NICE a thread keeps the flag that its children are ordinary ones: nobody may take it away.
    return set_scheduling($tid, $policy, $nice, $priority, 0, 0)
        || set_scheduling($tid, $policy, $nice, $priority, 0, 0, $RESET_ON_FORK)
        || !Tasks::same_task($tid, $start)
        || Failures::failed("scheduling class of thread $tid");
}

# Without the right to the whole system's, one autogroup may be written in a tenth of a second.
sub undo_autogroup {
    my ($pid, $start, $nice) = @_;
    for my $try (1 .. 3) {
        return 1 if !Tasks::same_task($pid, $start) || Files::write_file("/proc/$pid/autogroup", $nice);
        last unless $! == Kernel::EAGAIN;
        Kernel::pause_for(0.11);
    }
    return Failures::failed("nice value of the session of guest $pid");
}

1;
