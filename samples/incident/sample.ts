import { type Files, jsonFile } from '../building/input.ts';
import { logBytes } from '../building/log-file.ts';
import { incidentExpected } from './answers.ts';
import { logFiles } from './story/deliveries.ts';
import { messages } from './story/messages.ts';

/** The incident's files, built from its story. */
export function incident(): Files {
  return new Map([
    ...logFiles.map((file): [string, Buffer] => [`input/${file.key}`, logBytes(file)]),
    ...Object.entries(messages).map(([name, message]): [string, Buffer] => [
      `input/messages/${name}`,
      jsonFile(message),
    ]),
    ['expected.json', jsonFile(incidentExpected)],
  ]);
}
