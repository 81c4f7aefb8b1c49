# What vmc set on network devices, given back for guardian.pl: by tc and ip, in whatever network namespace it is, with
# arguments that the journal cannot turn into anything else. No module that perl-base lacks.
package Networks;
use strict;
use warnings;

# The handle by which a queueing discipline at a device's root is ours (tap-shaping.ts).
my $HANDLE = '7e3c:';
my $CLONE_NEWNET = 0x40000000;
# No name of a device: nothing that could be taken for an option.
my $IS_ODD = qr{^-|[\s/]|^\z};

# How to get into the namespace of that inode: '' where we are in it; undefined where nothing is in it any more.
sub namespace_path {
    my ($inode) = @_;
    my $is_it = sub { my ($path) = @_; return (readlink($path) // '') eq "net:[$inode]" };
    return '' if $is_it->('/proc/self/ns/net');
    for my $path (map { "/run/netns/$_" } Files::names_in('/run/netns', qr/^[^.]/)) {
        return $path if ((stat $path)[1] // '') eq $inode;
    }
    for my $path (map { "/proc/$_/ns/net" } Files::names_in('/proc', qr/^\d+$/)) { return $path if $is_it->($path) }
    return;
}

# Runs a program in the namespace.
sub run {
    my ($namespace, @command) = @_;
    my $enter = sub {
        return 1 if $namespace eq '';
        open(my $file, '<', $namespace) or return 0;
        return Kernel::enter_namespace(fileno $file, $CLONE_NEWNET) == 0;
    };
    return Programs::run($enter, @command);
}

sub exists_in { my ($namespace, $device) = @_; return (run($namespace, 'ip', 'link', 'show', 'dev', $device))[0] == 0 }

# Nothing where it has been done or there is nothing to do any more, else what went wrong.
sub undo_qdisc {
    my ($inode, $device, $parent, $target) = @_;
    my $namespace = namespace_path($inode);
    return if !defined $namespace || "$device$target" =~ $IS_ODD || !exists_in($namespace, $device);
    my ($code, $text) = run($namespace, 'tc', 'qdisc', 'show', 'dev', $device);
    my $is_there = $parent eq 'root' ? qr/ \Q$HANDLE\E root / : qr/^qdisc ingress /m;
    return if $code == 0 && $text !~ $is_there;
    # Nobody but us makes a device of that name.
    return if $parent eq 'ingress' && !exists_in($namespace, $target);
    ($code, $text) = run($namespace, 'tc', 'qdisc', 'del', 'dev', $device, $parent);
    return $code == 0 || !exists_in($namespace, $device) ? undef : $text;
}

sub undo_link {
    my ($inode, $device) = @_;
    my $namespace = namespace_path($inode);
    return if !defined $namespace || $device =~ $IS_ODD || !exists_in($namespace, $device);
    my ($code, $text) = run($namespace, 'ip', 'link', 'del', 'dev', $device);
    return $code == 0 || !exists_in($namespace, $device) ? undef : $text;
}

1;
