/** A policy as its author lined it up, with a line that is too long. */
export const EXAMPLE = `# examples/policies/workstation.vmc
host {
  cores 8
  memory 32 GiB
  timezone "Europe/Berlin"
}

vm video   { match name "video" and user "alice"   vcpus 2   task decode 4ms every 33ms   task audio 1ms every 10ms }
vm build   { match name "build-*" and user "alice" vcpus 4 }
group batch up to 6 vms { match user "grid"  vcpus 1 }
group lent = build, batch                     # a union of classes
ignore match name "emulator" and user "alice" # the owner's own: not a guest

switch gaming                                 # the owner flips it: vmc set gaming on for 2h
let office = weekdays 09:00-12:00, 13:00-17:30 except 2026-12-24..2027-01-01
let busy   = owner.demand > 60% for 30s until < 40% for 60s
let rush   = forecast(owner.demand over 30s at 95%) > 70%

keep 2 cores and 8 GiB memory for owner       # a floor for everything that is not a guest
limit guests to 6 cores                       # a ceiling, on their sum
reserve video for its tasks                   # real time: exact, admitted by analysis
guarantee build 1 core                        # a floor
share cpu among build 4, batch 1              # proportions of what is left, under contention

when office {
  limit batch to 25% of cpu
  when busy or rush { run batch 200ms every 1s }    # duty cycle
} otherwise {
  limit each batch to 1 core
}
when gaming or process "blender*" running { pause batch }
when host.on-battery { pause lent }
budget batch 20 core-hours per day then pause

assert batch at most 25% of cpu while office
`;

export const EXAMPLE_LAID_OUT = `# examples/policies/workstation.vmc
host {
  cores 8
  memory 32 GiB
  timezone "Europe/Berlin"
}

vm video {
  match name "video" and user "alice"
  vcpus 2
  task decode 4ms every 33ms
  task audio 1ms every 10ms
}
vm build { match name "build-*" and user "alice"  vcpus 4 }
group batch up to 6 vms { match user "grid"  vcpus 1 }
group lent = build, batch                      # a union of classes
ignore match name "emulator" and user "alice"  # the owner's own: not a guest

switch gaming  # the owner flips it: vmc set gaming on for 2h
let office = weekdays 09:00-12:00, 13:00-17:30 except 2026-12-24..2027-01-01
let busy = owner.demand > 60% for 30s until < 40% for 60s
let rush = forecast(owner.demand over 30s at 95%) > 70%

keep 2 cores and 8 GiB memory for owner  # a floor for everything that is not a guest
limit guests to 6 cores                  # a ceiling, on their sum
reserve video for its tasks              # real time: exact, admitted by analysis
guarantee build 1 core                   # a floor
share cpu among build 4, batch 1         # proportions of what is left, under contention

when office {
  limit batch to 25% of cpu
  when busy or rush { run batch 200ms every 1s }  # duty cycle
} otherwise {
  limit each batch to 1 core
}
when gaming or process "blender*" running { pause batch }
when host.on-battery { pause lent }
budget batch 20 core-hours per day then pause

assert batch at most 25% of cpu while office
`;
