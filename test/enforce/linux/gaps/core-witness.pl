#!/usr/bin/perl
# Tells when a core did not run at all: not this machine's scheduler, but the hypervisor below it, had it do something else.
#
#   core-witness.pl CORE PERIOD_NS PAGES   asks the kernel (man 2 perf_event_open) for a timer interrupt on CORE every
#                                          PERIOD_NS, each leaving its time in PAGES pages (a power of 2) of memory, and
#                                          prints "ready". At the end of its standard input it prints for each interrupt
#                                          that came over half a period late "stolen DUE_NS CAME_NS", and "done".
#
# An interrupt comes whoever runs and of whatever class, and the scheduler is not asked: budgets are enforced when they would
# be anyway. Needs CAP_PERFMON or root. Ends with 2 where the kernel refuses.
use strict;
use warnings;
use POSIX ();

my ($PERF_EVENT_OPEN, $MMAP) = (POSIX::uname())[4] eq 'aarch64' ? (241, 222) : (298, 9);
my ($TYPE_SOFTWARE, $CPU_CLOCK, $SAMPLE_TIME, $USE_CLOCK, $MONOTONIC) = (1, 0, 1 << 2, 1 << 25, 1);
my $RECORD_SAMPLE = 9;
my ($READ_WRITE, $SHARED) = (3, 1);
my $PAGE = POSIX::sysconf(POSIX::_SC_PAGESIZE());
my $DATA_HEAD = 1024; # its place in the first page, struct perf_event_mmap_page
my ($core, $period, $pages) = map { $_ + 0 } @ARGV;

sub refused { my ($what) = @_; print STDERR "core-witness: $what: $!\n"; exit 2 }

my $attributes = pack 'L L Q Q Q Q Q L L Q Q Q Q L l Q L S S',
    $TYPE_SOFTWARE, 112, $CPU_CLOCK, $period, $SAMPLE_TIME, 0, $USE_CLOCK, (0) x 7, $MONOTONIC, (0) x 4;
my $event = syscall($PERF_EVENT_OPEN, $attributes, -1, $core, -1, 0);
refused('perf_event_open') if $event < 0;
my $memory = syscall($MMAP, 0, $PAGE * (1 + $pages), $READ_WRITE, $SHARED, $event, 0);
refused('mmap') if $memory == -1;

$| = 1;
print "ready\n";
1 while <STDIN>;

sub bytes_at { my ($address, $length) = @_; return unpack "P$length", pack 'J', $address }
my $end = unpack 'Q', bytes_at($memory + $DATA_HEAD, 8);
my $records = bytes_at($memory + $PAGE, $PAGE * $pages);
die "core-witness: $end bytes of records do not fit\n" if $end > length $records;
my $last;
for (my $at = 0; $at < $end;) {
    my ($type, undef, $size) = unpack 'L S S', substr $records, $at, 8;
    if ($type == $RECORD_SAMPLE) {
        my $came = unpack 'Q', substr $records, $at + 8, 8;
        printf "stolen %d %d\n", $last + $period, $came if defined $last && $came - $last > 1.5 * $period;
        $last = $came;
    }
    $at += $size;
}
print "done\n";
