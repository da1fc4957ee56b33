const SYSTEM =
  /windows|\bwin ?(?:srv ?)?(?:20)?\d\d|\bw2k|linux|ubuntu|debian|red ?hat|rhel|centos|fedora|suse|sles|solaris|sunos|aix\b|hp-?ux|z\/os|bsd|mac ?os|\besxi?\b|photon os|alma|rocky|alpine|oracle ?(?:ol|enterprise)|ios[- ]x[er]|junos|ontap|openvms|vmware esx|proxmox|android|darwin/i;
// `FortiOS`, `PAN-OS`, `EOS`; of other words the case differs.
const ENDS_IN_OS = /\b(?:[A-Z][A-Za-z]*[a-z]|[A-Z]{2,5}-|E)OS\b/;

/** Whether a text names an operating system. */
export function namesOperatingSystem(text: string): boolean {
  return SYSTEM.test(text) || ENDS_IN_OS.test(text);
}
