/** A search box that waits until the typing pauses. */
import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

interface SearchInputProps {
  label: string;
  placeholder?: string;
  value: string | undefined;
  onSearch: (text: string | undefined) => void;
}

const PAUSE_MS = 300;

export function SearchInput({ label, placeholder, value, onSearch }: SearchInputProps) {
  const [typed, setTyped] = useState(value ?? '');
  const search = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), PAUSE_MS);
  useEffect(() => {
    setTyped((now) => (now.trim() === (value ?? '') ? now : (value ?? '')));
  }, [value]);
  return (
    <TextInput
      type="search"
      label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
      maxLength={100}
      w={{ base: '100%', sm: 320 }}
    />
  );
}
