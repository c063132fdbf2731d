import { shareSynthesizer } from './one-synthesizer.mjs';
import { limitTime } from './time-limit.mjs';

// Runs in each process that runs tests, before the first of them.
limitTime();
shareSynthesizer();
