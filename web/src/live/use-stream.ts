/** A live stream for a component: its state, and a callback for every message. */
import { useEffect, useRef, useState } from 'react';
import { openStream, type StreamState } from './stream';

export function useStream(url: string, onMessage: (data: string) => void): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const latest = useRef(onMessage);
  useEffect(() => {
    latest.current = onMessage;
  });
  useEffect(() => {
    return openStream(url, { onState: setState, onMessage: (data) => latest.current(data) });
  }, [url]);
  return state;
}
