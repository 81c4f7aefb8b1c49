# Processes and threads, each known by its number and its start time: the very one, never a later one with its number.
package Tasks;
use strict;
use warnings;

# State letter and start time; an empty list once it has ended, reaped or not.
sub task_stat {
    my ($id) = @_;
    open(my $file, '<', "/proc/$id/stat") or return ();
    my $text = do { local $/; <$file> };
    return () unless defined $text && $text =~ /.*\) (\S) (.*)/s;
    my ($state, @rest) = ($1, split ' ', $2);
    return $state =~ /[ZX]/ ? () : ($state, $rest[18]);
}

sub same_task { my ($id, $start) = @_; my (undef, $now) = task_stat($id); return defined $now && $now eq $start }

sub threads_of { my ($pid) = @_; return Files::names_in("/proc/$pid/task", qr/^\d+$/) }

# True where the process has it, or has ended.
sub signal_process {
    my ($pid, $start, $signal) = @_;
    my $fd = Kernel::pidfd_open($pid);
    return $! == Kernel::ESRCH || Failures::failed("pidfd_open $pid") if $fd < 0;
    my $result = same_task($pid, $start) ? Kernel::pidfd_send_signal($fd, $signal) : 0;
    my $error = $! + 0;
    Kernel::close_descriptor($fd);
    return 1 if $result == 0 || $error == Kernel::ESRCH;
    $! = $error;
    return Failures::failed("signal $signal to $pid");
}

sub stop_pending {
    my ($pid) = @_;
    open(my $file, '<', "/proc/$pid/status") or return 0;
    while (my $line = <$file>) {
        return 1 if $line =~ /^(?:ShdPnd|SigPnd):\s*([0-9a-f]+)/ && hex(substr($1, -8)) & 1 << Kernel::SIGSTOP - 1;
    }
    return 0;
}

sub undo_continue {
    my ($pid, $start) = @_;
    return !same_task($pid, $start) || signal_process($pid, $start, Kernel::SIGCONT);
}

1;
