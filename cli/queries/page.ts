/** A part of a list, and the cursor of the next part; null: it was the last. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Where a list of pages begins, and how many items a page has. */
export interface PageAsked {
  from?: string | undefined;
  perPage?: number | undefined;
}

/** The items of pages, one after another. */
export async function* itemsOf<T>(pages: AsyncIterable<Page<T>>): AsyncGenerator<T> {
  for await (const { items } of pages) yield* items;
}

/** The first page; one without items where there is none. */
export async function firstOf<T>(pages: AsyncIterable<Page<T>>): Promise<Page<T>> {
  for await (const page of pages) return page;
  return { items: [], next: null };
}

/** The first of a list, and the one that comes after them; null where there is none. */
export async function pageOf<T>(
  list: AsyncIterable<T>,
  perPage: number,
): Promise<{ items: T[]; next: T | null }> {
  const items: T[] = [];
  for await (const item of list) {
    if (items.length === perPage) return { items, next: item };
    items.push(item);
  }
  return { items, next: null };
}
