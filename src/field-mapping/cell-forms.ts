const LABEL = '[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}_])?';

/** A host name without a domain. */
export const HOST_NAME = new RegExp(`^${LABEL}$`, 'u');

/** A host name with its domain, or a domain. */
export const FQDN = new RegExp(`^(?:${LABEL}\\.)+\\p{L}{2,}\\.?$`, 'u');

/** A text that names an operating system. */
export const OPERATING_SYSTEM =
  /windows|linux|ubuntu|debian|red ?hat|rhel|centos|fedora|suse|sles|solaris|sunos|aix\b|hp-?ux|z\/os|bsd|mac ?os|esxi|photon os|alma|rocky|oracle ?(?:ol|enterprise)|ios[- ]x[er]|nx-os|junos|fortios|openvms|vmware esx|proxmox|android|darwin/i;
