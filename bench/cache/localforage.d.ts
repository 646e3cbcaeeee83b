/** What the bench uses of it; it is no dependency. */
declare module 'virtual:localforage' {
  export interface LocalForage {
    getItem(key: string): Promise<unknown>;
    setItem(key: string, value: unknown): Promise<unknown>;
  }
  const localforage: {
    readonly INDEXEDDB: string;
    createInstance(options: { name: string; driver: string }): LocalForage;
  };
  export default localforage;
}
