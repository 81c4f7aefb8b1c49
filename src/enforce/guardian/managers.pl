# What vmc set on cgroups that systemd or libvirt manages, given back for guardian.pl through the managers' own commands,
# with arguments that the journal cannot turn into anything else. No module that perl-base lacks.
package Managers;
use strict;
use warnings;

# Names of units (systemd.unit(5)) and uuids of domains: nothing that could be taken for an option.
my $UNIT = qr/^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]*\.(?:service|scope)\z/;
my $PROPERTY = qr/^(?:CPUWeight=(?:idle|\d*)|CPUQuota=(?:\d+(?:\.\d+)?%)?|CPUQuotaPeriodSec=(?:\d+us)?)\z/;
my $UUID = qr/^[0-9a-fA-F-]{36}\z/;
my $PARAMETER = qr/^(?:cpu_shares|global_period|global_quota)=-?\d+\z/;

my $PREPARE_NOTHING = sub { return 1 };

sub run { my (@command) = @_; return Programs::run($PREPARE_NOTHING, @command) }

# Nothing where it has been done, or the unit is gone and its settings with it; else what went wrong.
sub undo_unit {
    my ($unit, @properties) = @_;
    return 'it is no name of a unit' if $unit !~ $UNIT;
    return 'these are not its properties' if grep { $_ !~ $PROPERTY } @properties;
    my ($code, $text) = run('systemctl', 'set-property', '--runtime', $unit, @properties);
    return if $code == 0 || (run('systemctl', 'is-active', '--quiet', $unit))[0] != 0;
    return $text;
}

# The same for a domain of libvirt's, whose process lives.
sub undo_domain {
    my ($domain, @parameters) = @_;
    return 'it is no uuid of a domain' if $domain !~ $UUID;
    return 'these are not its parameters' if grep { $_ !~ $PARAMETER } @parameters;
    my ($code, $text) = run('virsh', '--quiet', '--connect', 'qemu:///system', 'schedinfo', $domain, '--live', @parameters);
    return $code == 0 ? undef : $text;
}

1;
