# Cores that guests' threads may use, given back; as hexadecimal numbers, as the journal has them.
package Affinities;
use strict;
use warnings;

sub set_affinity { my ($tid, $hex) = @_; return Kernel::sched_setaffinity($tid, scalar reverse pack('H*', $hex)) == 0 }

# Undefined once the thread has ended.
sub affinity_of { my ($tid) = @_; my $mask = Kernel::sched_getaffinity($tid) // return; return unpack('H*', reverse $mask) }

sub undo_affinity {
    my ($tid, $start, $hex) = @_;
    return !Tasks::same_task($tid, $start)
        || set_affinity($tid, $hex)
        || !Tasks::same_task($tid, $start)
        || Failures::failed("affinity of thread $tid");
}

# Every thread that has the affinity we set, whoever gave it that: it may have been started since.
sub undo_placement {
    my ($pid, $start, $set, $hex) = @_;
    return 1 unless Tasks::same_task($pid, $start);
    my $done = 1;
    for my $tid (Tasks::threads_of($pid)) {
        next unless (affinity_of($tid) // '') eq $set;
        next if set_affinity($tid, $hex) || !Tasks::task_stat($tid);
        $done = Failures::failed("placement of thread $tid");
    }
    return $done;
}

1;
