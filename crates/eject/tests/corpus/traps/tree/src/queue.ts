export class Queue<T> {
  #items: T[] = [];

  add(item: T) {
    this.#items.push(item);
  }

  process(work: (item: T) => void) {
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) work(item);
  }
}

export class Worker {
  constructor(readonly name: string) {}
}

export const ownQueue = new Queue<string>();
ownQueue.add("webhooks");
ownQueue.process((name) => new Worker(name));
