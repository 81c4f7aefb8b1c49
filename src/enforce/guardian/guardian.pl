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
# no module that perl-base lacks. The form of the journal: journal.ts, of its records: undo-record.ts. Order of work: first every guest runs again,
# then the records from the last to the first.
use strict;
use warnings;
use POSIX ();

# Beside this file, by a path that `require` takes for one.
for my $name (qw(managers.pl monitors.pl networks.pl)) {
    my $path = __FILE__ =~ s{[^/]*$}{$name}r;
    require($path =~ m{^/} ? $path : "./$path");
}

my $machine = (POSIX::uname())[4];
my ($SETATTR, $GETATTR, $SETAFFINITY, $GETAFFINITY) =
    $machine eq 'x86_64'  ? (314, 315, 203, 204)
  : $machine eq 'aarch64' ? (274, 275, 122, 123)
  :                         die "guardian: no table of system calls for $machine\n";
my ($PIDFD_OPEN, $PIDFD_SEND) = (434, 424);
my ($LOCK_EX, $LOCK_NB) = (2, 4);
my ($SIGKILL, $SIGCONT, $SIGSTOP) = (9, 18, 19);
my ($NORMAL, $FIFO, $DEADLINE) = (0, 1, 6);
my ($EBUSY, $ENODEV, $ENOENT, $ENOTSUP, $ESRCH) = (16, 19, 2, 95, 3);

# The least server that the kernel grants: its bandwidth rounds to nothing, so that what leaks of it is nothing.
my ($LEAST_RUNTIME, $LEAST_PERIOD) = (1_024, 4_194_304_000);
# How long a runnable guest is held to leave SCHED_DEADLINE cleanly before the quick way is taken.
my $HOLD_SECONDS = 0.3;
# How long monitors may take, all together: until paused guests run, and until other settings are undone.
my $CONT_SECONDS = 0.5;
my $MONITOR_SECONDS = 2;
# How long a daemon may be in the middle of an action before it counts as hanging.
my $LOCK_SECONDS = 0.5;

# What the guardian holds while it waits, ns (GUARDIAN_BANDWIDTH in guardian.ts): the owner's real-time hogs, on every core,
# must not keep it from noticing that the daemon has ended. And what it asks for when it has work to do, the most first.
my ($WATCH_RUNTIME, $WATCH_PERIOD) = (100_000, 50_000_000);
my ($HURRY_PERIOD, @HURRY_RUNTIMES) = (40_000_000, 20_000_000, 10_000_000, 4_000_000);
my $FIFO_PRIORITY = 50;
my $RETRIES = 300;

my @failures;

sub refused { my ($what) = @_; push @failures, $what; print STDERR "guardian: $what\n"; return 0 }
sub failed_because { my ($what, $why) = @_; return refused("$what: $why") }
sub failed { my ($what) = @_; return refused("$what: $!") }

# --- tasks ---------------------------------------------------------------------------------------------------------

# State letter and start time of a process or thread; an empty list once it has ended, reaped or not.
sub task_stat {
    my ($id) = @_;
    open(my $file, '<', "/proc/$id/stat") or return ();
    my $text = do { local $/; <$file> };
    return () unless defined $text && $text =~ /.*\) (\S) (.*)/s;
    my ($state, @rest) = ($1, split ' ', $2);
    return $state =~ /[ZX]/ ? () : ($state, $rest[18]);
}

sub same_task { my ($id, $start) = @_; my (undef, $now) = task_stat($id); return defined $now && $now eq $start }

# Signals this very process, never a later one with its number.
sub signal_process {
    my ($pid, $start, $signal) = @_;
    my $fd = syscall($PIDFD_OPEN, $pid + 0, 0);
    return $!{ESRCH} ? 1 : failed("pidfd_open $pid") if $fd < 0;
    my $result = same_task($pid, $start) ? syscall($PIDFD_SEND, $fd, $signal + 0, 0, 0) : 0;
    my $ended = $result < 0 && $! == $ESRCH;
    POSIX::close($fd);
    return $result == 0 || $ended || failed("signal $signal to $pid");
}

sub stop_pending {
    my ($pid) = @_;
    open(my $file, '<', "/proc/$pid/status") or return 0;
    while (my $line = <$file>) { return 1 if $line =~ /^(?:ShdPnd|SigPnd):\s*([0-9a-f]+)/ && hex(substr($1, -8)) & 1 << 18 }
    return 0;
}

sub pause_for { my ($seconds) = @_; select(undef, undef, undef, $seconds); return }

# --- scheduling ----------------------------------------------------------------------------------------------------

sub set_scheduling {
    my ($tid, $policy, $nice, $priority, $runtime, $period) = @_;
    my $flags = $policy == $DEADLINE ? 1 : 0;
    my $attributes = pack('L L Q l L Q Q Q', 48, $policy, $flags, $nice, $priority, $runtime, $period, $period);
    return syscall($SETATTR, $tid + 0, $attributes, 0) == 0;
}

sub policy_of {
    my ($tid) = @_;
    my $attributes = "\0" x 48;
    return -1 if syscall($GETATTR, $tid + 0, $attributes, 48, 0) != 0;
    return unpack('x4 L', $attributes);
}

# The best class that this process may have for its vigil: real-time where all bandwidth is given away, else what it has.
sub watch_promptly {
    return set_scheduling(0, $DEADLINE, 0, 0, $WATCH_RUNTIME, $WATCH_PERIOD)
        || set_scheduling(0, $FIFO, 0, $FIFO_PRIORITY, 0, 0);
}

# More of it for the work: what the daemon's own threads held is free by now, if it has ended. It goes with this process.
sub hurry {
    for my $runtime (@HURRY_RUNTIMES) { last if set_scheduling(0, $DEADLINE, 0, 0, $runtime, $HURRY_PERIOD) }
    return;
}

# Leaves SCHED_DEADLINE without leaking bandwidth. A thread that is not runnable (asleep, stopped) must shrink first:
# set straight to NORMAL its bandwidth is lost for good. A runnable one must not shrink first: throttled, with a debt
# that the least server takes hours to repay, it could never hold a reservation again. So a runnable one is stopped.
sub leave_deadline {
    my ($pid, $tid, $start, $policy, $nice, $priority) = @_;
    my ($state) = task_stat($tid);
    return 1 unless defined $state && same_task($tid, $start);
    my $held = 0;
    my ($process_state, $pid_start) = task_stat($pid);
    if ($state eq 'R' && defined $pid_start) {
        # Stopped already, by its user: a throttled thread only has yet to notice, and nobody may wake it.
        $held = signal_process($pid, $pid_start, $SIGSTOP) unless $process_state eq 'T' || stop_pending($pid);
        for (my $left = $HOLD_SECONDS; $left > 0; $left -= 0.002) {
            ($state) = task_stat($tid);
            last if !defined $state || $state ne 'R';
            pause_for(0.002);
        }
    }
    my $shrunk = !defined $state || $state eq 'R' || set_scheduling($tid, $DEADLINE, 0, 0, $LEAST_RUNTIME, $LEAST_PERIOD);
    my $done = set_scheduling($tid, $policy, $nice, $priority, 0, 0);
    my $error = $!;
    signal_process($pid, $pid_start, $SIGCONT) if $held;
    return 1 if $done && $shrunk || !same_task($tid, $start);
    $! = $error;
    return failed("scheduling class of thread $tid");
}

# --- the operations of the journal ---------------------------------------------------------------------------------

sub undo_continue { my ($pid, $start) = @_; return !same_task($pid, $start) || signal_process($pid, $start, $SIGCONT) }

# The cgroup that we froze holds this guest only; thawed twice it stays thawed.
sub undo_thaw {
    my ($pid, $start, $file) = @_;
    my $running = $file =~ m{/freezer\.state$} ? 'THAWED' : '0';
    return !-e $file || write_file($file, $running) || !-e $file || failed("thawing guest $pid by $file");
}

# Runs commands in the monitors of guests, all at once, a guest's from the last record to the first; notes what is undone.
sub undo_in_monitors {
    my ($undone, $seconds, @records) = @_;
    my (%by_socket, @orders);
    for my $record (reverse @records) {
        my (undef, $pid, $start, $socket, $command) = @$record;
        my ($state) = same_task($pid, $start) ? task_stat($pid) : ();
        $undone->{$record} = !defined $state;
        next unless defined $state;
        # By its user: it cannot answer, and nobody may wake it.
        failed_because("guest $pid is stopped", "its monitor cannot be told $command"), next if $state eq 'T';
        my $order = $by_socket{"$pid $socket"}
            //= { pid => $pid, start => $start, socket => $socket, commands => [], records => [] };
        push @orders, $order unless @{ $order->{commands} };
        push @{ $order->{commands} }, $command;
        push @{ $order->{records} }, $record;
    }
    Monitors::execute($seconds, @orders) if @orders;
    for my $order (@orders) {
        my $failed = defined $order->{failure} && same_task($order->{pid}, $order->{start});
        failed_because("guest $order->{pid}", $order->{failure}) if $failed;
        $undone->{$_} = !$failed for @{ $order->{records} };
    }
    return;
}

sub undo_sched {
    my ($pid, $tid, $start, $policy, $nice, $priority) = @_;
    return 1 unless same_task($tid, $start);
    return leave_deadline(@_) if policy_of($tid) == $DEADLINE;
    return set_scheduling($tid, $policy, $nice, $priority, 0, 0)
        || !same_task($tid, $start)
        || failed("scheduling class of thread $tid");
}

sub undo_affinity {
    my ($tid, $start, $hex) = @_;
    return 1 unless same_task($tid, $start);
    my $mask = reverse pack('H*', $hex);
    return syscall($SETAFFINITY, $tid + 0, length $mask, $mask) == 0
        || !same_task($tid, $start)
        || failed("affinity of thread $tid");
}

# Cores that a thread may use, as the journal has them; undefined once it has ended.
sub affinity_of {
    my ($tid) = @_;
    my $mask = "\0" x 1024;
    my $length = syscall($GETAFFINITY, $tid + 0, length $mask, $mask);
    return $length < 0 ? undef : unpack('H*', reverse substr($mask, 0, $length));
}

# Every thread that has the affinity we set, whoever gave it that: it may have been started since.
sub undo_placement {
    my ($pid, $start, $set, $hex) = @_;
    return 1 unless same_task($pid, $start);
    opendir(my $threads, "/proc/$pid/task") or return 1;
    my $done = 1;
    for my $tid (grep { /^\d+$/ } readdir $threads) {
        next unless (affinity_of($tid) // '') eq $set;
        my $mask = reverse pack('H*', $hex);
        next if syscall($SETAFFINITY, $tid + 0, length $mask, $mask) == 0 || !task_stat($tid);
        $done = failed("placement of thread $tid");
    }
    return $done;
}

# Without the right to the whole system's, one autogroup may be written in a tenth of a second.
sub undo_autogroup {
    my ($pid, $start, $nice) = @_;
    for my $try (1 .. 3) {
        return 1 if !same_task($pid, $start) || write_file("/proc/$pid/autogroup", $nice);
        last unless $!{EAGAIN};
        pause_for(0.11);
    }
    return failed("nice value of the session of guest $pid");
}

sub write_file {
    my ($path, $content) = @_;
    open(my $file, '>', $path) or return 0;
    my $written = syswrite($file, $content);
    my $error = $!;
    my $closed = close $file;
    $! = $error unless defined $written;
    return defined $written && $closed;
}

# Moves a task into a group: nothing when it has been done or the task has ended, else the error.
sub move_task {
    my ($id, $start, $file) = @_;
    return 0 if write_file($file, $id);
    my $error = $! + 0;
    return same_task($id, $start) ? $error : 0;
}

sub undo_member {
    my ($id, $start, $file) = @_;
    return 1 unless same_task($id, $start);
    my $error = move_task($id, $start, $file) or return 1;
    # The group of a single thread means something within its process only, and that has been moved as a whole.
    return 1 if $file =~ m{/cgroup\.threads$};
    # The group it came from is gone, or (v2) has become one that holds groups instead of processes: the nearest one
    # above it that takes processes is where a new one would be.
    while (grep { $error == $_ } $ENOENT, $ENODEV, $EBUSY, $ENOTSUP) {
        $file =~ s{/[^/]+/([^/]+)$}{/$1} or last;
        $error = move_task($id, $start, $file) or return 1;
    }
    $! = $error;
    return failed("moving $id back by $file");
}

# What the files of a cgroup v2 say as long as nobody uses the controller in it.
my %DEFAULTS = (
    cpu    => { 'cpu.weight' => '100', 'cpu.max' => 'max 100000', 'cpu.idle' => '0' },
    cpuset => { 'cpuset.cpus' => '', 'cpuset.mems' => '' },
    memory => { 'memory.min' => '0', 'memory.low' => '0', 'memory.high' => 'max', 'memory.max' => 'max' },
);

# First line of a file; undefined when there is none.
sub read_line { my ($path) = @_; open(my $file, '<', $path) or return; my $line = <$file> // ''; chomp $line; return $line }

# Whether a group below uses the controller by now: switched off above, its settings would be lost.
sub others_use {
    my ($directory, $controller) = @_;
    opendir(my $handle, $directory) or return 0;
    for my $group (grep { !/^\./ && -d "$directory/$_" } readdir $handle) {
        my $passed_on = read_line("$directory/$group/cgroup.subtree_control") // '';
        return 1 if grep { $_ eq $controller } split ' ', $passed_on;
        my $defaults = $DEFAULTS{$controller} // {};
        for my $name (keys %$defaults) {
            return 1 if (read_line("$directory/$group/$name") // $defaults->{$name}) ne $defaults->{$name};
        }
    }
    return 0;
}

sub undo_write {
    my ($file, $content) = @_;
    my ($directory) = $file =~ m{^(.*)/cgroup\.subtree_control$};
    my ($controller) = $content =~ /^-(\w+)$/;
    return 1 if defined $directory && defined $controller && others_use($directory, $controller);
    return !-e $file || write_file($file, $content) || !-e $file || failed("restoring $file");
}

sub undo_rmdir {
    my ($directory) = @_;
    for my $try (1 .. 50) {
        return 1 if rmdir($directory) || $! == $ENOENT;
        last unless $! == $EBUSY;
        pause_for(0.02);
    }
    return failed("removing $directory");
}

# What the operations on network devices answer: nothing, or what went wrong.
sub undo_network {
    my ($what, $problem) = @_;
    return 1 unless defined $problem;
    chomp $problem;
    $! = 0;
    return failed("$what: $problem");
}
sub undo_qdisc { my @fields = @_; return undo_network("the queue of device $fields[1]", Networks::undo_qdisc(@fields)) }
sub undo_link { my @fields = @_; return undo_network("removing device $fields[1]", Networks::undo_link(@fields)) }

# What a manager was told of a cgroup of its own.
sub undo_managed { my ($what, $failure) = @_; return !defined $failure || failed_because($what, $failure =~ s/\s+/ /gr) }

sub undo_unit { my ($unit, @properties) = @_; return undo_managed("unit $unit", Managers::undo_unit($unit, @properties)) }

sub undo_domain {
    my ($pid, $start, $domain, @parameters) = @_;
    return 1 unless same_task($pid, $start);
    my $failure = Managers::undo_domain($domain, @parameters);
    return !same_task($pid, $start) || undo_managed("domain $domain", $failure);
}

my %UNDO = (
    qdisc    => \&undo_qdisc,
    link     => \&undo_link,
    continue => \&undo_continue,
    thaw     => \&undo_thaw,
    sched    => \&undo_sched,
    affinity => \&undo_affinity,
    placement => \&undo_placement,
    autogroup => \&undo_autogroup,
    unit     => \&undo_unit,
    domain   => \&undo_domain,
    member   => \&undo_member,
    write    => \&undo_write,
    rmdir    => \&undo_rmdir,
);

# --- the journal ---------------------------------------------------------------------------------------------------

sub boot_id { open(my $file, '<', '/proc/sys/kernel/random/boot_id') or return ''; my $id = <$file>; chomp $id; return $id }

sub unescape { my ($field) = @_; $field =~ s/%0A/\n/g; $field =~ s/%09/\t/g; $field =~ s/%25/%/g; return $field }

# Whole lines: a torn last one was never acted on. None where there is no file.
sub journal_lines {
    my ($path) = @_;
    if (!open(my $file, '<', $path)) { failed("reading $path") unless $! == $ENOENT; return () }
    else { my $text = do { local $/; <$file> } // ''; return split /\n/, substr($text, 0, rindex($text, "\n") + 1) }
}

# The daemon that wrote the journal; an empty list where there is none.
sub owner_of { my ($path) = @_; my ($header) = journal_lines($path); return (split /\t/, $header // '')[3] // () }

# Records that stand, oldest first: [operation, fields…], each with the line that it was. None where another boot wrote them:
# the kernel has forgotten. What another version wrote is refused, whatever it may hold.
my %line_of;

sub pending {
    my ($path) = @_;
    my ($first, @lines) = journal_lines($path) or return ();
    my ($magic, $version, $boot) = split /\t/, $first;
    if (($magic // '') ne 'vmc-journal') { refused("$path is no journal of vmc: it is left alone"); return () }
    return () unless ($boot // '') eq boot_id();
    if ($version ne '1') {
        refused("$path was written by another version of vmc ($version): run that version's `vmc release`; nothing was changed");
        return ();
    }
    my (@order, %record);
    for my $line (@lines) {
        my ($sign, $id, @fields) = split /\t/, $line, -1;
        next unless defined $id;
        if ($sign eq '-') { delete $record{$id}; next }
        $record{$id} = [map { unescape($_) } @fields];
        $line_of{ $record{$id} } = $line;
        push @order, $id;
    }
    return map { $record{$_} // () } @order;
}

# What could not be undone stays on record, and nothing else: undone twice, it would undo what its user did meanwhile.
sub keep {
    my ($journal, @records) = @_;
    my ($first) = journal_lines($journal);
    my ($owner, $group) = (stat $journal)[4, 5];
    my $text = join '', map { "$_\n" } $first, map { $line_of{$_} } @records;
    umask 0077;
    return write_file("$journal.new", $text)
        && (chown($owner, $group, "$journal.new"), rename("$journal.new", $journal))
        || failed("rewriting $journal");
}

# One release at a time, and none while the daemon is in the middle of an action, unless it hangs there: the lock is
# ours until this process ends. Who comes second finds the journal gone, or another daemon's, and leaves both alone.
sub take_lock {
    my ($journal) = @_;
    open(our $lock, '>>', "$journal.lock") or return failed("opening $journal.lock");
    for (my $left = $LOCK_SECONDS; $left > 0; $left -= 0.01) {
        return 1 if flock($lock, $LOCK_EX | $LOCK_NB);
        pause_for(0.01);
    }
    return 0;
}

# Whoever could write the journal would have us write for them, as root perhaps: it has to be a file of this very user's
# that nobody else may write.
sub trusted {
    my ($journal) = @_;
    my ($mode, $owner) = (lstat $journal)[2, 4];
    return 1 if !defined $mode || (-f _ && $owner == $> && !($mode & 022));
    print STDERR "guardian: $journal is not this user's alone: nothing in it is believed\n";
    return 0;
}

my $IS_HOLD = qr/^(?:continue|thaw)$/;

# Whether a record lets a guest's virtual CPUs go on that we paused in its monitor.
sub is_cont { my ($record) = @_; return $record->[0] eq 'qmp' && $record->[4] eq '{"execute":"cont"}' }

# Lets every guest run that we stopped or froze.
sub continue_all {
    my ($undone, @records) = @_;
    for my $record (grep { $_->[0] =~ $IS_HOLD } @records) { $undone->{$record} = undo($record) }
    return;
}

sub undo {
    my ($record) = @_;
    my ($operation, @fields) = @$record;
    my $undo = $UNDO{$operation} or return refused("unknown record $operation: another version of vmc has to undo it");
    return $undo->(@fields);
}

sub concerns_us { my ($journal, $owner) = @_; my ($written_by) = owner_of($journal); return ($written_by // '') eq $owner }

sub release {
    my ($journal, $owner) = @_;
    local $SIG{PIPE} = 'IGNORE';
    return 1 unless trusted($journal);
    # Whoever wrote it: but by the time we have the lock it must be the same, not the journal of the next daemon.
    my @early = defined $owner && !concerns_us($journal, $owner) ? () : pending($journal);
    return 1 if @failures;
    ($owner) = owner_of($journal) unless defined $owner;
    return 0 unless defined $owner && concerns_us($journal, $owner);
    my %undone;
    # Nobody waits for a lock to run again.
    continue_all(\%undone, @early);
    undo_in_monitors(\%undone, $CONT_SECONDS, grep { is_cont($_) } @early);
    take_lock($journal);
    return 0 unless concerns_us($journal, $owner);
    # Only now does it count what could not be undone.
    @failures = ();
    my @records = pending($journal);
    continue_all(\%undone, @records);
    undo_in_monitors(\%undone, $MONITOR_SECONDS, grep { $_->[0] eq 'qmp' } @records);
    # Tasks before the groups that they are in, which may be younger than the record of where the task came from. Last,
    # once more, affinities: switching off a controller of cgroup v2 unpins the threads below.
    my @others = grep { $_->[0] !~ $IS_HOLD && $_->[0] ne 'qmp' } reverse @records;
    my @groups = grep { $_->[0] =~ /^(?:rmdir|write)$/ } @others;
    my @tasks  = grep { $_->[0] !~ /^(?:rmdir|write)$/ } @others;
    for my $record (@tasks, @groups, grep { $_->[0] =~ /^(?:affinity|placement)$/ } @tasks) { $undone{$record} = undo($record) }
    # Once more: leaving a scheduling class may have held a guest.
    continue_all(\%undone, @records);
    my @left = grep { !$undone{$_} } @records;
    if (@left) { keep($journal, @left) }
    else       { unlink($journal) || $! == $ENOENT || failed("removing $journal") }
    return @left || @failures ? 1 : 0;
}

# --- modes ---------------------------------------------------------------------------------------------------------

sub watch {
    my ($journal, $timeout_ms, $owner) = @_;
    # The daemon's terminal and its group are not ours: what ends them must not end us.
    $SIG{$_} = 'IGNORE' for qw(HUP INT TERM PIPE QUIT TTOU TTIN TSTP);
    my $bits = '';
    vec($bits, 0, 1) = 1;
    watch_promptly();
    my $patience; # none before the first heartbeat: a daemon takes its time to start
    while (1) {
        my $ready = $bits;
        my $count = select($ready, undef, undef, $patience);
        next if $count < 0;
        my $bytes = '';
        my $read = $count && sysread(STDIN, $bytes, 4096);
        my $asked = $read && $bytes =~ /r/;
        $patience = $timeout_ms / 1000;
        next if $read && !$asked;
        hurry();
        return release($journal, $owner) if $asked;
        return finish($journal, $owner, release($journal, $owner)) || 3;
    }
}

# What could not be undone is tried again, every second for some minutes: a guest's monitor takes one client, and a daemon that
# hangs keeps it until it is killed. One that goes on beating has what is left carried over to its next guardian.
sub finish {
    my ($journal, $owner, $code) = @_;
    my $bits = '';
    vec($bits, 0, 1) = 1;
    watch_promptly();
    for (my $tries = $RETRIES; $code && $tries > 0; $tries--) {
        my $ready = $bits;
        last if select($ready, undef, undef, 1) > 0 && sysread(STDIN, my $bytes, 4096);
        pause_for(1);
        @failures = ();
        $code = release($journal, $owner);
    }
    return $code;
}

# Children that sleep take as much bandwidth as the kernel admits, one after the other; what they got is what was free.
sub probe {
    # A short period: what the children held is free again within one of them.
    my $PERIOD = 10_000_000;
    my ($total, @children) = (0);
    while (1) {
        pipe(my $from, my $to);
        my $pid = fork() // last;
        if (!$pid) {
            my ($low, $high) = (0, $PERIOD);
            while ($high - $low > 1_000) {
                my $middle = int(($low + $high) / 2);
                if (set_scheduling(0, $DEADLINE, 0, 0, $middle, $PERIOD)) { $low = $middle } else { $high = $middle }
            }
            syswrite($to, "$low\n");
            sleep 10;
            POSIX::_exit(0);
        }
        push @children, $pid;
        close $to;
        my $got = (<$from> // 0) + 0;
        $total += $got;
        last if $got < 10_000 || @children > 4096;
    }
    kill KILL => @children;
    waitpid($_, 0) for @children;
    # Bandwidth is free one period after its holder: whoever asks next must not find ours.
    pause_for(3 * $PERIOD / 1e9);
    printf "%d\n", $total * 1_000_000 / $PERIOD;
    return 0;
}

my ($mode, @arguments) = @ARGV;
my %MODE = (watch => \&watch, release => \&release, probe => \&probe);
my $run = $MODE{ $mode // '' } or die "usage: guardian.pl watch JOURNAL MS OWNER | release JOURNAL | probe\n";
exit $run->(@arguments);
