/** Items in lists of at most `size`; between two of them other work of the process gets its turn. */
export async function* inChunks<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
    await new Promise(setImmediate);
  }
  if (chunk.length > 0) yield chunk;
}
