/** A whole number within limits. It keeps what was typed and says why it cannot be taken. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTyped } from './use-typed';

interface WholeInputProps {
  label: string;
  value: string;
  min: number;
  max: number;
  onChange: (text: string) => void;
  error?: string;
  width?: number;
}

export function WholeInput({ label, value, min, max, onChange, error, width }: WholeInputProps) {
  const typed = useTyped();
  const [left, setLeft] = useState(false);
  return (
    <TextInput
      w={width}
      label={label}
      inputMode="numeric"
      maxLength={20}
      autoComplete="off"
      value={value}
      error={(left && value.trim() !== '' && typed.whole(value, min, max)) || error}
      onBlur={() => setLeft(true)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
