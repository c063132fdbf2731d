import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { answer } from './answer.ts';

// The limit: nothing that reads the files can be faster. 256 KB, because Node's default costs about 2.7 times the time.
const chunkSize = 256 * 1024;

answer(async files => {
  let bytes = 0;
  for (const file of files) {
    const text = createReadStream(file, { highWaterMark: chunkSize }).pipe(createGunzip({ chunkSize }));
    for await (const chunk of text as AsyncIterable<Buffer>) bytes += chunk.length;
  }
  return async () => ({ calls: null, bytes });
});
