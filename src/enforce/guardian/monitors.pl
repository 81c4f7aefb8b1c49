# Commands to the monitors of guests (QEMU Machine Protocol, QEMU's docs/interop/qmp-spec), for guardian.pl. All monitors
# at once and within one time limit: one that hangs, floods or talks nonsense keeps none of the others. No module that
# perl-base lacks.
package Monitors;
use strict;
use warnings;

# As numbers: the module Socket takes half a megabyte, all the time.
my ($PF_UNIX, $SOCK_STREAM, $SOL_SOCKET, $SO_PEERCRED) = (1, 1, 1, 17);
my ($F_GETFL, $F_SETFL, $O_NONBLOCK) = (3, 4, 04000);
# More than any answer to what is asked here has.
my $MAX_BYTES = 1 << 20;
my $RETRY_SECONDS = 0.02;

# A whole JSON object at the beginning of a text, however it is laid out.
my $OBJECT = qr/\A\s*(\{(?:[^{}"]++|"(?:[^"\\]++|\\.)*+"|(?1))*+\})/s;

# Sends the commands, JSON texts, of each order { pid, socket, commands } one after the other to its monitor, if that
# proves to be the process's own. Sets `failure` of an order, in words, unless QEMU has accepted them all.
sub execute {
    my ($seconds, @orders) = @_;
    my $deadline = Kernel::now() + $seconds;
    my @sessions = map { { order => $_, commands => [@{ $_->{commands} }], buffer => '', state => 'unconnected' } } @orders;
    while (my @open = grep { $_->{state} ne 'ended' } @sessions) {
        my $left = $deadline - Kernel::now();
        if ($left <= 0) { end($_, 'its monitor did not answer in time') for @open; last }
        $_->{state} eq 'unconnected' && connect_to($_) for @open;
        my $bits = '';
        my $waiting = 0;
        for (@open) {
            if ($_->{handle}) { vec($bits, fileno $_->{handle}, 1) = 1 }
            elsif ($_->{state} ne 'ended') { $waiting = 1 }
        }
        select($bits, undef, undef, $waiting && $left > $RETRY_SECONDS ? $RETRY_SECONDS : $left);
        $_->{handle} && vec($bits, fileno $_->{handle}, 1) && receive($_) for @open;
    }
    return;
}

sub end {
    my ($session, $failure) = @_;
    $session->{order}{failure} = $failure;
    close delete $session->{handle} if $session->{handle};
    $session->{state} = 'ended';
    return;
}

sub connect_to {
    my ($session) = @_;
    my $path = $session->{order}{socket};
    # Longer than the kernel's structure holds.
    return end($session, "no monitor at $path") if length $path > 107 || $path eq '';
    socket(my $handle, $PF_UNIX, $SOCK_STREAM, 0) or return end($session, "socket: $!");
    # Never waits, not even for a place in the queue of a monitor that takes nobody.
    fcntl($handle, $F_SETFL, fcntl($handle, $F_GETFL, 0) | $O_NONBLOCK);
    if (!connect($handle, pack('S a108', $PF_UNIX, $path))) {
        return if $! == Kernel::EAGAIN || $! == Kernel::EINTR;
        return end($session, "no monitor at $path: $!");
    }
    @$session{qw(handle state)} = ($handle, 'greeting');
    return;
}

sub receive {
    my ($session) = @_;
    my $read = sysread($session->{handle}, $session->{buffer}, 65536, length $session->{buffer});
    return if !defined $read && ($! == Kernel::EAGAIN || $! == Kernel::EINTR);
    return end($session, 'its monitor closed the connection') unless $read;
    while ($session->{buffer} =~ s/$OBJECT//) {
        message($session, $1);
        return if $session->{state} eq 'ended';
    }
    $session->{buffer} =~ s/\A\s+//;
    return end($session, 'what its monitor says is no QMP')
        if length $session->{buffer} > $MAX_BYTES || $session->{buffer} =~ /\A[^{]/;
    return;
}

sub message {
    my ($session, $text) = @_;
    if ($session->{state} eq 'greeting') {
        # Nothing is sent to what does not greet as a monitor does.
        return end($session, 'what its monitor says is no QMP') unless $text =~ /"QMP"/;
        return send_to($session, 'capabilities', '{"execute":"qmp_capabilities"}');
    }
    # Commands have no id, so an answer has one key; anything else is an event.
    my ($key) = $text =~ /\A\{\s*"(return|error)"/ or return;
    if ($session->{state} eq 'proof' && !proves($text, $session->{order}{pid})) {
        return end($session, "the monitor at $session->{order}{socket} is another process's");
    }
    # A device that is no more needs nothing undone.
    if ($key eq 'error' && $text !~ /"DeviceNotFound"/) {
        my ($reason) = $text =~ /"desc"\s*:\s*"((?:[^"\\]|\\.){0,500})/;
        return end($session, 'QEMU refused: ' . ($reason // 'without a reason'));
    }
    if ($session->{state} eq 'capabilities' && !listens($session)) {
        return send_to($session, 'proof', '{"execute":"query-cpus-fast"}');
    }
    my $command = shift @{ $session->{commands} };
    return end($session, undef) unless defined $command;
    return send_to($session, 'command', $command);
}

# Whether the kernel says that the guest itself listens on this socket.
sub listens {
    my ($session) = @_;
    my $credentials = getsockopt($session->{handle}, $SOL_SOCKET, $SO_PEERCRED) or return 0;
    my ($pid) = unpack 'i', $credentials;
    return $pid == $session->{order}{pid};
}

# Else another process made the socket for it, and it is the guest's if its virtual CPUs are threads of the guest.
sub proves {
    my ($text, $pid) = @_;
    my @tids = $text =~ /"thread-id"\s*:\s*(\d+)/g;
    return @tids && !grep { !-e "/proc/$pid/task/$_" } @tids;
}

sub send_to {
    my ($session, $state, $command) = @_;
    $session->{state} = $state;
    my $line = "$command\n";
    # So little that it fits into any socket that has taken all before it.
    my $sent = syswrite($session->{handle}, $line);
    return end($session, 'its monitor takes no commands') unless defined $sent && $sent == length $line;
    return;
}

1;
