/**
 * Frees a buffer's memory at once; the buffer and all others in the same memory are empty from then on. Left to the
 * garbage collector, large buffers make it run over the whole heap every few megabytes. Small ones share one pool, which
 * stays.
 */
export function giveBack({ buffer }: { buffer: ArrayBufferLike }): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}
