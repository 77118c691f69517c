/** Short messages at the corner of the page, read out by screen readers. */
import { notifications } from '@mantine/notifications';
import i18n from '@/i18n';

export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal', closeButtonProps: { 'aria-label': i18n.t('action.close') } });
}

export function notifyFailure(message: string): void {
  notifications.show({ message, color: 'red', autoClose: 8_000, closeButtonProps: { 'aria-label': i18n.t('action.close') } });
}
