#!/usr/bin/env node
'use strict';
// The daemon: `vmcd POLICY` is `vmc enforce POLICY`.
const { start } = require('./vmc.cjs');

start(['enforce', ...process.argv.slice(2)]);
