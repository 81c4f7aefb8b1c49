# The journal (journal.ts), its lock, and who may be believed.
package Journal;
use strict;
use warnings;

my ($LOCK_EX, $LOCK_NB) = (2, 4);
# How long a daemon may be in the middle of an action before it counts as hanging.
my $LOCK_SECONDS = 0.5;

sub unescape { my ($field) = @_; $field =~ s/%0A/\n/g; $field =~ s/%09/\t/g; $field =~ s/%25/%/g; return $field }

# Whole lines: a torn last one was never acted on. None where there is no file.
sub journal_lines {
    my ($path) = @_;
    if (!open(my $file, '<', $path)) { Failures::failed("reading $path") unless $! == Kernel::ENOENT; return () }
    else { my $text = do { local $/; <$file> } // ''; return split /\n/, substr($text, 0, rindex($text, "\n") + 1) }
}

# The daemon that wrote the journal; an empty list where there is none.
sub owner_of { my ($path) = @_; my ($header) = journal_lines($path); return (split /\t/, $header // '')[3] // () }

sub concerns { my ($path, $owner) = @_; my ($written_by) = owner_of($path); return ($written_by // '') eq $owner }

# Records that stand, oldest first: [operation, fields…], each with the line that it was. None where another boot wrote them:
# the kernel has forgotten. What another version wrote is refused, whatever it may hold.
my %line_of;

sub pending {
    my ($path) = @_;
    my ($first, @lines) = journal_lines($path) or return ();
    my ($magic, $version, $boot) = split /\t/, $first;
    if (($magic // '') ne 'vmc-journal') {
        Failures::refused("$path is no journal of vmc: it is left alone");
        return ();
    }
    return () unless ($boot // '') eq (Files::read_line('/proc/sys/kernel/random/boot_id') // '');
    if ($version ne '1') {
        Failures::refused("$path was written by another version of vmc ($version): "
            . 'run that version\'s `vmc release`; nothing was changed');
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
    my ($path, @records) = @_;
    my ($first) = journal_lines($path);
    my ($owner, $group) = (stat $path)[4, 5];
    my $text = join '', map { "$_\n" } $first, map { $line_of{$_} } @records;
    umask 0077;
    return Files::write_file("$path.new", $text)
        && (chown($owner, $group, "$path.new"), rename("$path.new", $path))
        || Failures::failed("rewriting $path");
}

# One release at a time, and none while the daemon is in the middle of an action, unless it hangs there: the lock is
# ours until this process ends. Who comes second finds the journal gone, or another daemon's, and leaves both alone.
sub take_lock {
    my ($path) = @_;
    open(our $lock, '>>', "$path.lock") or return Failures::failed("opening $path.lock");
    for (my $left = $LOCK_SECONDS; $left > 0; $left -= 0.01) {
        return 1 if flock($lock, $LOCK_EX | $LOCK_NB);
        Kernel::pause_for(0.01);
    }
    return 0;
}

# Whoever could write the journal would have us write for them, as root perhaps: it has to be a file of this very user's
# that nobody else may write.
sub trusted {
    my ($path) = @_;
    my ($mode, $owner) = (lstat $path)[2, 4];
    return 1 if !defined $mode || (-f _ && $owner == $> && !($mode & 022));
    print STDERR "guardian: $path is not this user's alone: nothing in it is believed\n";
    return 0;
}

1;
