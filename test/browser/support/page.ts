import { reply } from './reply.ts';

export interface PageOptions {
  /** What the page's module script does when it has the client. */
  readonly script: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** A page of its own in a frame; it imports the client as `createCarpool`. */
export async function openPage({ script, headers = [] }: PageOptions): Promise<{
  readonly frame: HTMLIFrameElement;
  readonly window: Window;
}> {
  const nonce = crypto.randomUUID();
  const text = `<!doctype html><title>page</title>
<script type="module" nonce="${nonce}">
import { createCarpool } from '/src/index.ts';
${script}
</script>`;
  const frame = document.createElement('iframe');
  const fields: [string, string][] = [
    ['content-type', 'text/html; charset=utf-8'],
    ...headers.map(([name, value]): [string, string] => [name, value.replace('{nonce}', nonce)]),
  ];
  frame.src = reply({ text, headers: fields });
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  document.body.append(frame);
  await loaded;
  return { frame, window: frame.contentWindow! };
}
