/** Who vouches for a record: our own trail's log files, or an event a partner account sent us. */
export type Provenance = 'trail' | 'partner';
