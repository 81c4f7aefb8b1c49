# Small files of the kernel's and of ours.
package Files;
use strict;
use warnings;

# In one write; false and $! where it is refused.
sub write_file {
    my ($path, $content) = @_;
    open(my $file, '>', $path) or return 0;
    my $written = syswrite($file, $content);
    my $error = $!;
    my $closed = close $file;
    $! = $error unless defined $written;
    return defined $written && $closed;
}

# First line of a file; undefined when there is none.
sub read_line { my ($path) = @_; open(my $file, '<', $path) or return; my $line = <$file> // ''; chomp $line; return $line }

# Names in a directory that a pattern matches; none where there is no directory.
sub names_in {
    my ($directory, $pattern) = @_;
    opendir(my $handle, $directory) or return ();
    return grep { /$pattern/ } readdir $handle;
}

1;
