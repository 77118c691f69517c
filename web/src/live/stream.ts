/**
 * Server-sent events shared by all tabs of this browser.
 *
 * HTTP/1.1 allows six connections to an origin, so one open stream per tab would soon block every other request. One tab holds a lock and the
 * connection and passes the messages on; when it closes, the next tab takes the lock over.
 */
export type StreamState = 'connecting' | 'live' | 'reconnecting';

type Note = { kind: 'state'; state: StreamState } | { kind: 'message'; data: string } | { kind: 'hello' };

/** Every push process says `hello` on a new connection and `change` when something changed. */
const EVENTS = ['hello', 'change'];
const RETRY_MS = 3_000;

interface Listener {
  onState: (state: StreamState) => void;
  onMessage: (data: string) => void;
}

/** Opens the stream (or joins the tab that has it) and returns the function that leaves it. */
export function openStream(url: string, listener: Listener): () => void {
  const channel = new BroadcastChannel(`crm.stream:${url}`);
  const left = new AbortController();
  let state: StreamState = 'connecting';
  let holder = false;

  const changeState = (next: StreamState) => {
    state = next;
    listener.onState(next);
    channel.postMessage({ kind: 'state', state: next } satisfies Note);
  };
  const pass = (data: string) => {
    listener.onMessage(data);
    channel.postMessage({ kind: 'message', data } satisfies Note);
  };

  channel.onmessage = ({ data: note }: MessageEvent<Note>) => {
    if (note.kind === 'hello' && holder) channel.postMessage({ kind: 'state', state } satisfies Note);
    if (note.kind === 'state' && !holder) listener.onState(note.state);
    if (note.kind === 'message' && !holder) listener.onMessage(note.data);
  };

  listener.onState('connecting');
  channel.postMessage({ kind: 'hello' } satisfies Note);
  navigator.locks
    .request(`crm.stream:${url}`, { signal: left.signal }, () => {
      holder = true;
      return holdConnection(url, left.signal, changeState, pass);
    })
    .catch(() => undefined); // The only rejection is our own abort while waiting for the lock.

  return () => {
    left.abort();
    channel.close();
  };
}

/** Keeps one connection until the signal; EventSource itself gives up after an HTTP error, so that case opens a new one. */
function holdConnection(
  url: string,
  signal: AbortSignal,
  changeState: (state: StreamState) => void,
  pass: (data: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let retry: number | undefined;
    const connect = () => {
      source = new EventSource(url);
      source.onopen = () => changeState('live');
      for (const name of EVENTS) source.addEventListener(name, (event) => pass((event as MessageEvent<string>).data));
      source.onerror = () => {
        changeState('reconnecting');
        if (source?.readyState === EventSource.CLOSED) retry = window.setTimeout(connect, RETRY_MS);
      };
    };
    signal.addEventListener('abort', () => {
      window.clearTimeout(retry);
      source?.close();
      resolve();
    });
    connect();
  });
}
