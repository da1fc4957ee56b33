import { readHeader } from './read-header';

const VM_KEYS = new Set([
  'vm',
  'vms',
  'vmname',
  'vmwarevmname',
  'guest',
  'guestname',
  'virtualmachine',
  'virtualmachinename',
  'virtualservername',
  'virtuellemaschine',
  'machinevirtuelle',
  'nomvm',
  'nomdelavm',
  'nombrevm',
  'nombredelavm',
  'maquinavirtual',
]);

/** Whether a column of names says by its header that these are virtual machines. */
export function namesVirtualMachines(header: string): boolean {
  return VM_KEYS.has(readHeader(header).key);
}
