/** Windows over the page. Built from parts, because the library's header would count as a second banner of the page. */
import { Drawer, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Other windows have 200; the drop-down lists inside this one have 300. */
const ABOVE_WINDOWS = 250;

interface DialogProps {
  opened: boolean;
  title: ReactNode;
  onClose: () => void;
  size?: string;
  /** Over all other windows. */
  topmost?: boolean;
  children: ReactNode;
}

export function Dialog({ opened, title, onClose, size = 'lg', topmost, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} centered zIndex={topmost ? ABOVE_WINDOWS : undefined}>
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content>
        <Modal.Header role="presentation">
          <Modal.Title fw={700}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('action.close')} />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

export function SidePanel({ opened, title, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right">
      <Drawer.Overlay backgroundOpacity={0.4} />
      <Drawer.Content>
        <Drawer.Header role="presentation">
          <Drawer.Title fw={700}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={t('action.close')} />
        </Drawer.Header>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
