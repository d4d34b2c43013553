// @ts-check
import { addActions } from './act.js';
import { addCommandLine } from './line.js';
import { addLive } from './live.js';
import { addPreferences } from './preferences.js';
import { addTime } from './time.js';

addPreferences();
addTime();
addActions();
addCommandLine();
addLive();
