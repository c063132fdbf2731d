import { shareSynthesizer } from './one-synthesizer.mjs';
import { saySkipped } from './say-skipped.mjs';
import { limitTime } from './time-limit.mjs';

// Runs in each process that runs tests, before the first of them.
limitTime();
saySkipped();
shareSynthesizer();
