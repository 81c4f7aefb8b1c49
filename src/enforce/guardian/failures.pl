# What the guardian could not undo: each on standard error, and whether there was any.
package Failures;
use strict;
use warnings;

my $count = 0;

# These return false, so that an operation can return what they do.
sub refused { my ($what) = @_; $count++; print STDERR "guardian: $what\n"; return 0 }
sub failed_because { my ($what, $why) = @_; return refused("$what: $why") }
sub failed { my ($what) = @_; return failed_because($what, $!) }

sub any { return $count > 0 }
sub forget { $count = 0; return }

1;
