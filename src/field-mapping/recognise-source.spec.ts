import { loadSourceProfiles } from '../source-profiles/load-source-profiles';
import { recogniseSource } from './recognise-source';

const PROFILES = loadSourceProfiles(null);

describe('recogniseSource', () => {
  it.each([
    ['rvtools-vinfo', ['VM', 'Powerstate', 'CPUs', 'Memory', 'Provisioned MB', 'Host']],
    ['rvtools-vinfo', ['vm', 'POWERSTATE', 'cpus', 'memory', 'Host', 'Cluster']],
    [
      'azure-migrate',
      ['*Server name', 'IP addresses', '*Cores', '*Memory (In MB)', '*OS name', 'Number of disks'],
    ],
    ['aws-migration-hub', ['ExternalId', 'SMBiosId', 'IPAddress', 'MACAddress', 'HostName', 'VMware.VMName']],
    ['aws-mgn', ['mgn:account-id', 'mgn:region', 'mgn:server:user-provided-id', 'mgn:app:name']],
    ['google-migration-center', ['MachineId', 'MachineName', 'PrimaryIPAddress', 'MemoryGiB', 'OsName']],
    ['servicenow-cmdb', ['name', 'sys_class_name', 'ip_address', 'dns_domain', 'cpu_count', 'ram']],
    [
      'servicenow-cmdb',
      ['Name', 'Class', 'IP Address', 'Operating System', 'CPU count', 'RAM (MB)', 'Company'],
    ],
    [
      'netbox',
      ['name', 'role', 'tenant', 'device_type', 'serial', 'asset_tag', 'site', 'rack', 'primary_ip4'],
    ],
    ['glpi', ['content.hardware.name', 'content.bios.ssn', 'deviceid', 'itemtype']],
    [
      'ansible-facts',
      [
        'ansible_facts.ansible_hostname',
        'ansible_facts.ansible_distribution',
        'ansible_facts.ansible_system',
        'ansible_facts.ansible_memtotal_mb',
      ],
    ],
    ['ansible-facts', ['ansible_hostname', 'ansible_distribution', 'ansible_system', 'ansible_memtotal_mb']],
    ['facter', ['networking.hostname', 'memory.system.total_bytes', 'processors.count', 'os.name']],
    [
      'govc',
      ['summary.config.name', 'summary.config.numCpu', 'summary.config.memorySizeMB', 'guest.hostName'],
    ],
    [
      'live-optics',
      ['VM Name', 'Virtual CPU', 'Provisioned Memory (MiB)', 'Virtual Disk Size (MiB)', 'Host'],
    ],
    ['nutanix', ['VM Name', 'Host', 'IP Addresses', 'Cores', 'Memory Capacity', 'CPU Usage', 'Memory Usage']],
    [
      'snipe-it',
      ['Asset Name', 'Asset Tag', 'Serial', 'Model', 'Category', 'Status', 'Checked Out To', 'Purchase Cost'],
    ],
    ['ralph', ['hostname', 'sn', 'barcode', 'management_ip', 'service_env']],
    ['konveyor', ['Record Type 1', 'Application Name', 'Description', 'Business Service', 'Owner']],
  ])('recognises %s', (source, columns) => {
    expect(recogniseSource(columns, PROFILES)?.source).toBe(source);
  });

  it.each([
    [[]],
    [['']],
    [['Name', 'IP', 'OS', 'RAM (GB)', 'Owner']],
    [['Hostname', 'Serial', 'Status', 'Location', 'Type']],
    [['VM', 'Disk', 'Capacity MiB', 'Host']],
    [['VM', 'Powerstate', 'Template', 'Disk', 'Capacity MiB', 'Datacenter', 'Cluster', 'Host']],
    [['Host', 'Datacenter', 'Cluster', '# CPU', '# Cores', '# Memory', 'Vendor', 'Model']],
    [['Nom', 'Adresse IP', 'Type', 'Lieu']],
  ])('takes a table of %j for no certain source', (columns) => {
    expect(recogniseSource(columns, PROFILES)).toBeNull();
  });
});
