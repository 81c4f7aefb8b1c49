# The system calls that the guardian needs, by number, and the kernel's numbers that come with them: perl-base has no
# module for most of them, and POSIX takes 2 MB.
package Kernel;
use strict;
use warnings;

sub ENOENT () { 2 }
sub ESRCH ()  { 3 }
sub EINTR ()  { 4 }
sub EAGAIN () { 11 }
sub EBUSY ()  { 16 }
sub ENODEV () { 19 }
sub ENOTSUP () { 95 }

sub SIGKILL () { 9 }
sub SIGCONT () { 18 }
sub SIGSTOP () { 19 }

my $CLOCK_MONOTONIC = 1;
my ($PIDFD_OPEN, $PIDFD_SEND_SIGNAL) = (434, 424);

# By e_machine of the program that runs this, elf(5): what its system calls are numbered for, whatever the kernel is.
my %NUMBERS = (
    62 => { # x86_64
        close => 3, exit_group => 231, clock_gettime => 228, setns => 308,
        sched_setattr => 314, sched_getattr => 315, sched_setaffinity => 203, sched_getaffinity => 204,
    },
    183 => { # aarch64
        close => 57, exit_group => 94, clock_gettime => 113, setns => 268,
        sched_setattr => 274, sched_getattr => 275, sched_setaffinity => 122, sched_getaffinity => 123,
    },
);

sub machine {
    open(my $program, '<', '/proc/self/exe') or die "guardian: /proc/self/exe: $!\n";
    sysread($program, my $header, 20) == 20 or die "guardian: /proc/self/exe is no program\n";
    return unpack 'x18 v', $header;
}

my $machine = machine();
my $number = $NUMBERS{$machine} // die "guardian: no table of system calls for machine $machine\n";

sub close_descriptor { my ($fd) = @_; return syscall($number->{close}, $fd + 0) }

# Ends this process here and now: what its parent had in buffers, and what it does at its end, stays its parent's.
sub end_at_once { my ($code) = @_; syscall($number->{exit_group}, $code + 0); die "guardian: exit_group: $!\n" }

# Monotonic time, s.
sub now {
    my $time = "\0" x 16;
    syscall($number->{clock_gettime}, $CLOCK_MONOTONIC, $time);
    my ($seconds, $nanoseconds) = unpack 'q q', $time;
    return $seconds + $nanoseconds / 1e9;
}

sub pause_for { my ($seconds) = @_; select(undef, undef, undef, $seconds); return }

# The following return what the system call does: -1 and $! where it is refused.
sub pidfd_open { my ($pid) = @_; return syscall($PIDFD_OPEN, $pid + 0, 0) }
sub pidfd_send_signal { my ($fd, $signal) = @_; return syscall($PIDFD_SEND_SIGNAL, $fd + 0, $signal + 0, 0, 0) }
sub enter_namespace { my ($fd, $kind) = @_; return syscall($number->{setns}, $fd + 0, $kind + 0) }
sub sched_setattr { my ($tid, $attributes) = @_; return syscall($number->{sched_setattr}, $tid + 0, $attributes, 0) }
sub sched_setaffinity { my ($tid, $mask) = @_; return syscall($number->{sched_setaffinity}, $tid + 0, length $mask, $mask) }

# struct sched_attr of a thread; undefined once it has ended.
sub sched_getattr {
    my ($tid) = @_;
    my $attributes = "\0" x 48;
    return syscall($number->{sched_getattr}, $tid + 0, $attributes, 48, 0) == 0 ? $attributes : undef;
}

# Mask of the cores that a thread may use; undefined once it has ended.
sub sched_getaffinity {
    my ($tid) = @_;
    my $mask = "\0" x 1024;
    my $length = syscall($number->{sched_getaffinity}, $tid + 0, length $mask, $mask);
    return $length < 0 ? undef : substr($mask, 0, $length);
}

1;
