import { ElMessageBox } from 'element-plus/es/components/message-box/index';
import 'element-plus/es/components/message-box/style/css';

/** Asks once more; true when the person said yes. */
export async function confirmStep(title: string, text: string, yes: string, no: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(text, title, { confirmButtonText: yes, cancelButtonText: no, closeOnClickModal: false, customClass: 'confirm-box' });
    return true;
  } catch {
    return false;
  }
}
