# One release: first every guest runs again, then the records from the last to the first.
package Release;
use strict;
use warnings;

# How long monitors may take, all together: until paused guests run, and until other settings are undone.
my $CONT_SECONDS = 0.5;
my $MONITOR_SECONDS = 2;

my $IS_HOLD = qr/^(?:continue|thaw)$/;
my $IS_GROUP = qr/^(?:rmdir|write)$/;
my $IS_AFFINITY = qr/^(?:affinity|placement)$/;

# Whether a record lets a guest's virtual CPUs go on that we paused in its monitor.
sub is_cont { my ($record) = @_; return $record->[0] eq 'qmp' && $record->[4] eq '{"execute":"cont"}' }

# Lets every guest run that we stopped or froze.
sub continue_all {
    my ($undone, @records) = @_;
    for my $record (grep { $_->[0] =~ $IS_HOLD } @records) { $undone->{$record} = Undo::undo($record) }
    return;
}

# Undoes what the journal holds, if $owner wrote it, whoever did where none is given: 0 where all is undone, else 1.
sub release {
    my ($journal, $owner) = @_;
    local $SIG{PIPE} = 'IGNORE';
    Failures::forget();
    return 1 unless Journal::trusted($journal);
    # Whoever wrote it: but by the time we have the lock it must be the same, not the journal of the next daemon.
    my @early = defined $owner && !Journal::concerns($journal, $owner) ? () : Journal::pending($journal);
    return 1 if Failures::any();
    ($owner) = Journal::owner_of($journal) unless defined $owner;
    return 0 unless defined $owner && Journal::concerns($journal, $owner);
    my %undone;
    # Nobody waits for a lock to run again.
    continue_all(\%undone, @early);
    Undo::undo_in_monitors(\%undone, $CONT_SECONDS, grep { is_cont($_) } @early);
    Journal::take_lock($journal);
    return 0 unless Journal::concerns($journal, $owner);
    # Only now does it count what could not be undone.
    Failures::forget();
    my @records = Journal::pending($journal);
    continue_all(\%undone, @records);
    # Tasks before the groups that they are in, which may be younger than the record of where the task came from. Last,
    # once more, affinities: switching off a controller of cgroup v2 unpins the threads below.
    my @others = grep { $_->[0] !~ $IS_HOLD && $_->[0] ne 'qmp' } reverse @records;
    my @groups = grep { $_->[0] =~ $IS_GROUP } @others;
    my @tasks  = grep { $_->[0] !~ $IS_GROUP } @others;
    for my $record (@tasks, @groups, grep { $_->[0] =~ $IS_AFFINITY } @tasks) { $undone{$record} = Undo::undo($record) }
    # Monitors last: the one that a hanging daemon talks to answers nobody else, and nothing else may wait for that.
    Undo::undo_in_monitors(\%undone, $MONITOR_SECONDS, grep { $_->[0] eq 'qmp' } @records);
    # Once more: leaving a scheduling class may have held a guest.
    continue_all(\%undone, @records);
    my @left = grep { !$undone{$_} } @records;
    if (@left) { Journal::keep($journal, @left) }
    else       { unlink($journal) || $! == Kernel::ENOENT || Failures::failed("removing $journal") }
    return @left || Failures::any() ? 1 : 0;
}

1;
