# Programs of others that the guardian runs.
package Programs;
use strict;
use warnings;

my @DIRECTORIES = qw(/usr/sbin /sbin /usr/bin /bin);
# Then one that does not answer is left: the record stays.
my $PATIENCE_SECONDS = 30;

# Runs a program, after what $prepare does in its process: its exit code and what it printed; 127 where it could not be run.
sub run {
    my ($prepare, $program, @arguments) = @_;
    my ($path) = grep { -x } map { "$_/$program" } @DIRECTORIES;
    return (127, "no $program") unless defined $path;
    my $pid = open(my $output, '-|') // return (127, "fork: $!");
    if (!$pid) {
        $prepare->() or Kernel::end_at_once(127);
        open(STDERR, '>&', \*STDOUT);
        open(STDIN, '<', '/dev/null');
        $SIG{ALRM} = 'DEFAULT';
        alarm $PATIENCE_SECONDS;
        { no warnings 'exec'; exec($path, @arguments) }
        Kernel::end_at_once(127);
    }
    my $text = do { local $/; <$output> } // '';
    close $output;
    return ($? == 0 ? 0 : $? >> 8 || 124, $text);
}

1;
