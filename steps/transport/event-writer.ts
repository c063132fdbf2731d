import type { Caller, Occurrence, Setting } from '../../core/records/event.ts';
import type { FrameWriter } from './frames.ts';
import { type Shared, slotMark, slots, type TravellingCall, type TravellingSetting } from './travelling.ts';

/** Writes events. Settings and callers are compared by object identity: equal but distinct objects are written separately. */
export class EventWriter {
  readonly #frames: FrameWriter;
  readonly #slotOf = new Map<Shared, number>();
  readonly #inSlot: Shared[] = [];
  #next = 0;
  /** slots that the event under way names already: they must hold the same when it is read */
  #taken: number[] = [];

  constructor(frames: FrameWriter) {
    this.#frames = frames;
  }

  /** `index`: of its record among the records. An event is both its setting and what it says of one call. */
  write(index: number, setting: Setting, call: Occurrence): void {
    const { eventID, eventTime, eventSource, eventName, errorCode, issuance, hash, sharedEventID, amends } =
      call;
    this.#taken.length = 0;
    const slot = this.#slotOf.get(setting) ?? this.#shareSetting(setting);
    const travelling: TravellingCall = [eventID, eventTime, eventSource, eventName, slot, hash];
    const ofSeveral = sharedEventID !== null || amends !== null;
    if (errorCode !== null || issuance || ofSeveral) travelling.push(errorCode);
    if (issuance) {
      this.#taken.push(slot);
      travelling.push({ ...issuance, caller: this.#slot(issuance.caller) });
    } else if (ofSeveral) travelling.push(null);
    if (ofSeveral) travelling.push(sharedEventID, amends);
    this.#frames.writeFrame(index, JSON.stringify(travelling));
  }

  #shareSetting(setting: Setting): number {
    const travelling: TravellingSetting = [
      setting.recipientAccountId,
      setting.provenance,
      setting.awsRegion,
      setting.sourceIPAddress,
      setting.userAgent === null ? null : this.#slot(setting.userAgent),
      this.#slot(setting.caller),
      setting.credential,
      setting.denied,
      this.#slot(setting.source),
    ];
    return this.#share(setting, travelling);
  }

  #slot(value: Caller | string): number {
    const slot = this.#slotOf.get(value) ?? this.#share(value, value);
    this.#taken.push(slot);
    return slot;
  }

  #share(value: Shared, travelling: Caller | string | TravellingSetting): number {
    while (this.#taken.includes(this.#next)) this.#next = (this.#next + 1) % slots;
    const slot = this.#next;
    this.#next = (slot + 1) % slots;
    const before = this.#inSlot[slot];
    if (before !== undefined) this.#slotOf.delete(before);
    this.#inSlot[slot] = value;
    this.#slotOf.set(value, slot);
    this.#frames.writeFrame(slotMark + slot, JSON.stringify(travelling));
    return slot;
  }
}
