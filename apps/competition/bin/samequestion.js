#!/usr/bin/env node
// A committed launcher: npm links nothing that does not exist yet when it installs.
import '../dist/main.js';
