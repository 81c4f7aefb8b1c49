# How much deadline bandwidth the kernel still admits.
package Bandwidth;
use strict;
use warnings;

# A short period, ns: what the children held is free again within one of them.
my $PERIOD = 10_000_000;
# What one child cannot get more of counts as none left.
my $LITTLE = 10_000;
my $MOST_CHILDREN = 4096;

# The most that this process gets, ns in a period; it holds it then.
sub take_all {
    my ($low, $high) = (0, $PERIOD);
    while ($high - $low > 1_000) {
        my $middle = int(($low + $high) / 2);
        if (Scheduling::reserve($middle, $PERIOD)) { $low = $middle } else { $high = $middle }
    }
    return $low;
}

# Children that sleep take as much bandwidth as the kernel admits, one after the other; what they got is what was free.
# In millionths of a core.
sub free {
    my ($total, @children) = (0);
    while (1) {
        pipe(my $from, my $to);
        my $pid = fork() // last;
        if (!$pid) {
            syswrite($to, take_all() . "\n");
            sleep 10;
            Kernel::end_at_once(0);
        }
        push @children, $pid;
        close $to;
        my $got = (<$from> // 0) + 0;
        $total += $got;
        last if $got < $LITTLE || @children > $MOST_CHILDREN;
    }
    kill KILL => @children;
    waitpid($_, 0) for @children;
    # Bandwidth is free one period after its holder: whoever asks next must not find ours.
    Kernel::pause_for(3 * $PERIOD / 1e9);
    return int($total * 1_000_000 / $PERIOD);
}

1;
