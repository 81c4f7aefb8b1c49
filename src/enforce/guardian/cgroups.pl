# Control groups, given back: who is in which, what their files say, and which of them were ours.
package Cgroups;
use strict;
use warnings;

# What the files of a cgroup v2 say as long as nobody uses the controller in it.
my %DEFAULTS = (
    cpu    => { 'cpu.weight' => '100', 'cpu.max' => 'max 100000', 'cpu.idle' => '0' },
    cpuset => { 'cpuset.cpus' => '', 'cpuset.mems' => '' },
    memory => { 'memory.min' => '0', 'memory.low' => '0', 'memory.high' => 'max', 'memory.max' => 'max' },
);

# Writes a file, unless its group is gone.
sub restore { my ($file, $content) = @_; return !-e $file || Files::write_file($file, $content) || !-e $file }

# The cgroup that we froze holds this guest only; thawed twice it stays thawed.
sub undo_thaw {
    my ($pid, $start, $file) = @_;
    my $running = $file =~ m{/freezer\.state$} ? 'THAWED' : '0';
    return restore($file, $running) || Failures::failed("thawing guest $pid by $file");
}

# Moves a task into a group: nothing when it has been done or the task has ended, else the error.
sub move_task {
    my ($id, $start, $file) = @_;
    return 0 if Files::write_file($file, $id);
    my $error = $! + 0;
    return Tasks::same_task($id, $start) ? $error : 0;
}

sub undo_member {
    my ($id, $start, $file) = @_;
    return 1 unless Tasks::same_task($id, $start);
    my $error = move_task($id, $start, $file) or return 1;
    # The group of a single thread means something within its process only, and that has been moved as a whole.
    return 1 if $file =~ m{/cgroup\.threads$};
    # The group it came from is gone, or (v2) has become one that holds groups instead of processes: the nearest one
    # above it that takes processes is where a new one would be.
    while (grep { $error == $_ } Kernel::ENOENT, Kernel::ENODEV, Kernel::EBUSY, Kernel::ENOTSUP) {
        $file =~ s{/[^/]+/([^/]+)$}{/$1} or last;
        $error = move_task($id, $start, $file) or return 1;
    }
    $! = $error;
    return Failures::failed("moving $id back by $file");
}

# Whether a group below uses the controller by now: switched off above, its settings would be lost.
sub others_use {
    my ($directory, $controller) = @_;
    for my $group (grep { -d "$directory/$_" } Files::names_in($directory, qr/^[^.]/)) {
        my $passed_on = Files::read_line("$directory/$group/cgroup.subtree_control") // '';
        return 1 if grep { $_ eq $controller } split ' ', $passed_on;
        my $defaults = $DEFAULTS{$controller} // {};
        for my $name (keys %$defaults) {
            return 1 if (Files::read_line("$directory/$group/$name") // $defaults->{$name}) ne $defaults->{$name};
        }
    }
    return 0;
}

sub undo_write {
    my ($file, $content) = @_;
    my ($directory) = $file =~ m{^(.*)/cgroup\.subtree_control$};
    my ($controller) = $content =~ /^-(\w+)$/;
    return 1 if defined $directory && defined $controller && others_use($directory, $controller);
    return restore($file, $content) || Failures::failed("restoring $file");
}

sub undo_rmdir {
    my ($directory) = @_;
    for my $try (1 .. 50) {
        return 1 if rmdir($directory) || $! == Kernel::ENOENT;
        last unless $! == Kernel::EBUSY;
        Kernel::pause_for(0.02);
    }
    return Failures::failed("removing $directory");
}

1;
