# The operations of the journal (undo-record.ts), each undone where that is done.
package Undo;
use strict;
use warnings;

# Runs commands in the monitors of guests, all at once, a guest's from the last record to the first; notes what is undone.
sub undo_in_monitors {
    my ($undone, $seconds, @records) = @_;
    my (%by_socket, @orders);
    for my $record (reverse @records) {
        my (undef, $pid, $start, $socket, $command) = @$record;
        my ($state) = Tasks::same_task($pid, $start) ? Tasks::task_stat($pid) : ();
        $undone->{$record} = !defined $state;
        next unless defined $state;
        if ($state eq 'T') {
            # By its user: it cannot answer, and nobody may wake it.
            Failures::failed_because("guest $pid is stopped", "its monitor cannot be told $command");
            next;
        }
        my $order = $by_socket{"$pid $socket"}
            //= { pid => $pid, start => $start, socket => $socket, commands => [], records => [] };
        push @orders, $order unless @{ $order->{commands} };
        push @{ $order->{commands} }, $command;
        push @{ $order->{records} }, $record;
    }
    Monitors::execute($seconds, @orders) if @orders;
    for my $order (@orders) {
        my $failed = defined $order->{failure} && Tasks::same_task($order->{pid}, $order->{start});
        Failures::failed_because("guest $order->{pid}", $order->{failure}) if $failed;
        $undone->{$_} = !$failed for @{ $order->{records} };
    }
    return;
}

# What the operations by other programs answer: nothing, or what these said went wrong.
sub by_program { my ($what, $failure) = @_; return !defined $failure || Failures::failed_because($what, $failure =~ s/\s+/ /gr) }

sub undo_qdisc { my (@fields) = @_; return by_program("the queue of device $fields[1]", Networks::undo_qdisc(@fields)) }

sub undo_link { my (@fields) = @_; return by_program("removing device $fields[1]", Networks::undo_link(@fields)) }

sub undo_unit { my ($unit, @properties) = @_; return by_program("unit $unit", Managers::undo_unit($unit, @properties)) }

sub undo_domain {
    my ($pid, $start, $domain, @parameters) = @_;
    return 1 unless Tasks::same_task($pid, $start);
    my $failure = Managers::undo_domain($domain, @parameters);
    return !Tasks::same_task($pid, $start) || by_program("domain $domain", $failure);
}

my %UNDO = (
    qdisc     => \&undo_qdisc,
    link      => \&undo_link,
    continue  => \&Tasks::undo_continue,
    thaw      => \&Cgroups::undo_thaw,
    sched     => \&Scheduling::undo_sched,
    affinity  => \&Affinities::undo_affinity,
    placement => \&Affinities::undo_placement,
    autogroup => \&Scheduling::undo_autogroup,
    unit      => \&undo_unit,
    domain    => \&undo_domain,
    member    => \&Cgroups::undo_member,
    write     => \&Cgroups::undo_write,
    rmdir     => \&Cgroups::undo_rmdir,
);

# Whether what one record holds (not one for a monitor) is undone now.
sub undo {
    my ($record) = @_;
    my ($operation, @fields) = @$record;
    my $undo = $UNDO{$operation}
        or return Failures::refused("unknown record $operation: another version of vmc has to undo it");
    return $undo->(@fields);
}

1;
