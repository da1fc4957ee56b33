import type { AssetField } from './asset-fields';

interface KnownTable {
  title: string;
  source: string;
  /** Fields that may be suggested or not. */
  optional?: AssetField[];
  /** A line for each column: its header, the field that a person would map it to, and some cells. */
  columns: string;
}

/** Tables with the headers of tools that we know, and of some that we do not; the cells are made up. */
export const KNOWN_TABLES: readonly KnownTable[] = [
  {
    title: 'ServiceNow, labels',
    source: 'servicenow-cmdb',
    columns: `
      Name -> name :: srv1 | srv2
      Class -> asset_type :: Linux Server | Windows Server
      IP Address -> ip_address :: 10.0.0.1 | 10.0.0.2
      Operating System -> operating_system :: Linux Red Hat | Windows 2019
      OS Version :: 7.9 | 10.0
      CPU count :: 2 | 4
      CPU core count -> cpu_cores :: 8 | 16
      RAM (MB) -> memory_gb :: 16384 | 32768
      Disk space (GB) -> storage_gb :: 100 | 200
      Serial number -> serial_number :: S1 | S2
      Asset tag :: A1 | A2
      Used for -> environment :: Production | Test
      Location -> location :: Berlin | Bonn
      Company :: ACME | ACME
      Managed by -> technical_owner :: x | y
      Owned by -> business_owner :: z | w
      Support group :: g | h
      Operational status :: Operational | Retired
      Fully qualified domain name -> fqdn :: srv1.x.de | srv2.x.de
      DNS Domain :: x.de | x.de
      Description -> description ::  | d`,
  },
  {
    title: 'ServiceNow, columns',
    source: 'servicenow-cmdb',
    columns: `
      sys_id :: 1 | 2
      name -> name :: srv1 | srv2
      sys_class_name -> asset_type :: cmdb_ci_linux_server | cmdb_ci_win_server
      ip_address -> ip_address :: 10.0.0.1 | 10.0.0.2
      fqdn -> fqdn :: srv1.x.de | 
      dns_domain :: x.de | x.de
      os -> operating_system :: Linux Red Hat | Windows
      os_version :: 7 | 10
      cpu_count :: 2 | 2
      cpu_core_count -> cpu_cores :: 8 | 8
      ram -> memory_gb :: 16384 | 8192
      disk_space -> storage_gb :: 100 | 200
      serial_number -> serial_number :: S | T
      asset_tag ::  | 
      location -> location :: Berlin | Bonn
      used_for -> environment :: Production | Development
      operational_status :: 1 | 1
      install_status :: 1 | 1
      support_group :: g | g
      managed_by -> technical_owner :: a | b
      owned_by -> business_owner :: c | d
      assigned_to :: e | f
      short_description -> description :: x | y`,
  },
  {
    title: 'NetBox devices, CSV',
    source: 'netbox',
    columns: `
      name -> name :: sw1 | srv1
      role -> asset_type :: Access Switch | Server
      tenant :: t | t
      manufacturer :: Cisco | Dell
      device_type :: C9300 | R640
      serial -> serial_number :: S1 | S2
      asset_tag :: 1 | 2
      site -> location :: FRA | BER
      location :: Row 1 | Row 2
      rack :: R1 | R2
      status :: active | active
      primary_ip4 -> ip_address :: 10.0.0.1/24 | 10.0.0.2/24
      platform -> operating_system :: Cisco IOS-XE | Ubuntu
      cluster ::  | `,
  },
  {
    title: 'NetBox virtual machines, CSV',
    source: 'netbox',
    columns: `
      Name -> name :: vm1 | vm2
      Status :: Active | Active
      Site -> location :: FRA | FRA
      Cluster :: c1 | c1
      Role -> asset_type :: Web Server | Database Server
      Tenant :: t | t
      Platform -> operating_system :: Ubuntu 22.04 | Debian 12
      VCPUs -> cpu_cores :: 2 | 4
      Memory (MB) -> memory_gb :: 4096 | 8192
      Disk (GB) -> storage_gb :: 40 | 80
      IP Address -> ip_address :: 10.0.0.1/24 | 10.0.0.2/24`,
  },
  {
    title: 'NetBox devices, JSON',
    source: 'netbox',
    columns: `
      id :: 1 | 2
      name -> name :: sw1 | srv1
      device_type.model :: C | D
      role.name -> asset_type :: Access Switch | Server
      site.name -> location :: FRA | BER
      status.value :: active | active
      primary_ip4.address -> ip_address :: 10.0.0.1/24 | 10.0.0.2/24
      platform.name -> operating_system :: Ubuntu | Debian
      serial -> serial_number :: a | b
      cluster.name ::  | 
      rack.name :: r | s
      tenant.name :: t | t
      custom_fields.owner :: x | y`,
  },
  {
    title: 'Google Migration Center',
    source: 'google-migration-center',
    columns: `
      MachineId :: 1 | 2
      MachineName -> name :: a | b
      PrimaryIPAddress -> ip_address :: 10.0.0.1 | 10.0.0.2
      PublicIPAddress ::  | 
      IpAddressListSemiColonDelimited :: 10.0.0.1;10.0.0.9 | 10.0.0.2
      TotalDiskAllocatedGiB -> storage_gb :: 100 | 200
      TotalDiskUsedGiB :: 50 | 60
      MachineTypeLabel :: x | y
      AllocatedProcessorCoreCount -> cpu_cores :: 2 | 4
      MemoryGiB -> memory_gb :: 4 | 8
      HostingLocation -> location :: DC1 | DC2
      OsType :: Linux | Windows
      OsPublisher :: Canonical | Microsoft
      OsName -> operating_system :: Ubuntu 20 | Windows Server 2019
      OsVersion :: 20 | 10
      MachineStatus :: Running | Running
      CreateDate :: 2020 | 2021
      IsPhysical :: 0 | 0
      Source :: m | m`,
  },
  {
    title: 'AWS Migration Hub',
    source: 'aws-migration-hub',
    columns: `
      ExternalId :: 1 | 2
      SMBiosId :: u | v
      IPAddress -> ip_address :: 10.0.0.1 | 10.0.0.2
      MACAddress :: 00:50:56:8b:74:7a | 00:50:56:8b:74:7b
      HostName -> hostname :: a.x.com | b.x.com
      VMware.MoRefId :: vm-1 | vm-2
      VMware.VMName -> name :: a | b
      CPU.NumberOfProcessors :: 1 | 2
      CPU.NumberOfCores -> cpu_cores :: 4 | 8
      CPU.NumberOfLogicalCores :: 8 | 16
      OS.Name -> operating_system :: Linux | Windows Server 2019
      OS.Version :: 7 | 10
      RAM.TotalSizeInMB -> memory_gb :: 4096 | 8192
      RAM.UsedSizeInMB.Avg :: 100 | 200
      Applications -> application_name :: App1 | App2
      ApplicationWave :: 1 | 1
      Tags ::  | 
      ServerId :: d-1 | d-2`,
  },
  {
    title: 'Nutanix Prism',
    source: 'nutanix',
    columns: `
      VM Name -> name :: a | b
      Host :: h1 | h2
      IP Addresses -> ip_address :: 10.0.0.1, 10.0.0.9 | 10.0.0.2
      Cores -> cpu_cores :: 2 | 4
      Memory Capacity -> memory_gb :: 4 GiB | 8 GiB
      Storage -> storage_gb :: 12.5 GiB / 40 GiB | 1 GiB / 80 GiB
      CPU Usage :: 3 % | 4 %
      Memory Usage :: 10 % | 20 %
      Controller Read IOPS :: 1 | 2
      Hypervisor :: AHV | AHV
      Flash Mode :: No | No`,
  },
  {
    title: 'Live Optics',
    source: 'live-optics',
    columns: `
      VM Name -> name :: a | b
      Power State :: poweredOn | poweredOn
      VM OS -> operating_system :: Ubuntu | Windows
      Virtual CPU -> cpu_cores :: 2 | 4
      Provisioned Memory (MiB) -> memory_gb :: 4096 | 8192
      Used Memory (MiB) :: 1000 | 2000
      Virtual Disk Size (MiB) -> storage_gb :: 40960 | 81920
      Virtual Disk Used (MiB) :: 1000 | 2000
      Guest Hostname -> hostname :: a.x.com | b.x.com
      Guest IP1 -> ip_address :: 10.0.0.1 | 10.0.0.2
      Host :: esx | esx
      Cluster :: c | c
      Datacenter -> location :: DC | DC`,
  },
  {
    title: 'Facter, structured',
    source: 'facter',
    columns: `
      networking.hostname -> hostname :: a
      networking.fqdn -> fqdn :: a.x.com
      networking.ip -> ip_address :: 10.0.0.1
      networking.interfaces.eth0.ip :: 10.0.0.1
      memory.system.total_bytes -> memory_gb :: 8589934592
      memory.swap.total_bytes :: 1073741824
      processors.count -> cpu_cores :: 4
      processors.physicalcount :: 1
      os.name :: Ubuntu
      os.family :: Debian
      os.release.full :: 20.04
      os.distro.description -> operating_system :: Ubuntu 20.04 LTS
      dmi.product.serial_number -> serial_number :: S1
      timezone :: UTC
      facterversion :: 4`,
  },
  {
    title: 'Facter, flat',
    source: 'facter',
    columns: `
      hostname -> hostname :: a
      fqdn -> fqdn :: a.x.com
      ipaddress -> ip_address :: 10.0.0.1
      operatingsystem -> operating_system :: CentOS
      operatingsystemrelease :: 7
      osfamily :: RedHat
      memorysize -> memory_gb :: 4 GB
      memorysize_mb :: 3900.5
      processorcount -> cpu_cores :: 4
      physicalprocessorcount :: 1
      serialnumber -> serial_number :: S
      virtual :: kvm
      is_virtual :: true
      uptime_seconds :: 1
      facterversion :: 2`,
  },
  {
    title: 'GLPI, English',
    source: 'glpi',
    columns: `
      Name -> name :: PC1 | PC2
      Entity :: Root | Root
      Status :: In use | In use
      Manufacturer :: Dell | HP
      Serial Number -> serial_number :: S1 | S2
      Type -> asset_type :: Desktop | Server
      Model :: x | y
      Operating System - Name -> operating_system :: Windows 10 | Debian
      Location -> location :: Paris | Lyon
      Last update :: 2020 | 2021
      Components - Processor :: i5 | Xeon
      Alternate username ::  | 
      Inventory number :: 1 | 2`,
  },
  {
    title: 'GLPI, French',
    source: 'glpi',
    columns: `
      Nom -> name :: PC1 | PC2
      Entité :: Root | Root
      Statut :: En service | x
      Fabricant :: Dell | HP
      Numéro de série -> serial_number :: S1 | S2
      Type -> asset_type :: Serveur | Portable
      Modèle :: x | y
      Système d'exploitation - Nom -> operating_system :: Windows 10 | Debian
      Lieu -> location :: Paris | Lyon
      Dernière modification :: 2020 | 2021
      Composants - Processeur :: i5 | Xeon`,
  },
  {
    title: 'Snipe-IT',
    source: 'snipe-it',
    columns: `
      Asset Name -> name :: n1 | n2
      Asset Tag :: 1 | 2
      Serial -> serial_number :: S | T
      Model :: MBP | XPS
      Model No. :: 1 | 2
      Category -> asset_type :: Laptops | Servers
      Manufacturer :: Apple | Dell
      Status :: Deployed | Ready
      Checked Out To :: Ada | Bob
      Location -> location :: Berlin | Bonn
      Purchase Date ::  | 
      Purchase Cost ::  | 
      Warranty :: 12 | 24
      Notes -> description :: x | y`,
  },
  {
    title: 'RVTools 4 with attributes of its users',
    source: 'rvtools-vinfo',
    columns: `
      VM -> name :: a | b
      Powerstate :: poweredOn | poweredOn
      Template :: False | False
      DNS Name -> fqdn :: a.x.com | b.x.com
      CPUs -> cpu_cores :: 2 | 4
      Memory -> memory_gb :: 4096 | 8192
      Active Memory :: 100 | 200
      NICs :: 1 | 1
      Disks :: 1 | 2
      Total disk capacity MiB -> storage_gb :: 40960 | 81920
      Primary IP Address -> ip_address :: 10.0.0.1 | 10.0.0.2
      Provisioned MiB :: 45000 | 85000
      In Use MiB :: 10 | 20
      Annotation -> description :: x | 
      Datacenter -> location :: DC1 | DC1
      Cluster :: c | c
      Host :: esx1 | esx2
      OS according to the configuration file :: Other Linux | Windows Server 2016
      OS according to the VMware Tools -> operating_system :: Ubuntu | 
      VM UUID :: u | v
      Owner -> business_owner :: x | y
      Environment -> environment :: Prod | Dev`,
  },
  {
    title: 'RVTools 3',
    source: 'rvtools-vinfo',
    columns: `
      VM -> name :: a | b
      Powerstate :: poweredOn | poweredOn
      DNS Name -> hostname :: a | b
      CPUs -> cpu_cores :: 2 | 4
      Memory -> memory_gb :: 4096 | 8192
      IP Address -> ip_address :: 10.0.0.1 | 10.0.0.2
      Host :: esx1 | esx2
      OS -> operating_system :: Ubuntu | Windows
      Provisioned MB -> storage_gb :: 1 | 2`,
  },
  {
    title: 'AWS MGN',
    source: 'aws-mgn',
    columns: `
      mgn:account-id :: 1
      mgn:region :: us-east-1
      mgn:wave:name :: w
      mgn:app:name -> application_name :: app
      mgn:app:description -> description :: Shop
      mgn:server:user-provided-id -> name :: srv1
      mgn:server:platform -> operating_system :: linux
      mgn:server:fqdn-for-action-framework -> fqdn :: srv1.x.com
      mgn:server:tag:Name :: srv1
      mgn:launch:instance-type :: t3`,
  },
  {
    title: 'govc',
    source: 'govc',
    columns: `
      Name :: a
      summary.config.name -> name :: a
      summary.config.numCpu -> cpu_cores :: 2
      summary.config.memorySizeMB -> memory_gb :: 4096
      summary.guest.hostName -> fqdn :: a.x.com
      summary.guest.ipAddress -> ip_address :: 10.0.0.1
      summary.config.guestFullName -> operating_system :: Ubuntu Linux
      runtime.host.value :: host-1
      summary.config.annotation -> description :: x
      resourcePool.value :: r`,
  },
  {
    title: 'vSphere API in Pascal case',
    source: 'govc',
    optional: ['memory_gb'],
    columns: `
      Config.Name -> name :: a
      Config.GuestFullName -> operating_system :: Ubuntu
      Config.Hardware.NumCPU -> cpu_cores :: 2
      Config.Hardware.MemoryMB :: 4096
      Guest.HostName -> hostname :: a
      Guest.IpAddress -> ip_address :: 10.0.0.1
      Summary.Config.MemorySizeMB :: 4096`,
  },
  {
    title: 'a list of VMs',
    source: 'generic',
    columns: `
      VM Name -> name :: a | b
      Power State :: on | on
      Guest Hostname -> hostname :: a.x.de | b.x.de
      IP Address -> ip_address :: 10.0.0.1 | 10.0.0.2
      vCenter :: vc | vc
      Cluster :: c | c
      CPU Cores -> cpu_cores :: 2 | 4
      Memory (GB) -> memory_gb :: 4 | 8
      Provisioned (GB) -> storage_gb :: 40 | 80
      Used (GB) :: 10 | 20
      ESXi Host :: e1 | e2
      Guest OS -> operating_system :: Ubuntu | Windows
      Tools Status :: ok | ok
      Site -> location :: FRA | BER`,
  },
  {
    title: 'a script of an administrator',
    source: 'generic',
    columns: `
      date :: 2024 | 2024
      host -> hostname :: a | b
      fqdn -> fqdn :: a.x.com | b.x.com
      os -> operating_system :: Ubuntu | RHEL 8
      kernel :: 5.4 | 4.18
      arch :: x86_64 | x86_64
      cpu_model :: Xeon | Xeon
      sockets :: 1 | 2
      cores_per_socket :: 4 | 8
      vcpus -> cpu_cores :: 4 | 16
      mem_mb -> memory_gb :: 8192 | 16384
      swap_mb :: 1024 | 2048
      disk_total_gb -> storage_gb :: 100 | 200
      ip_list -> ip_address :: 10.0.0.1 10.0.0.2 | 10.0.0.3
      default_gw :: 10.0.0.254 | 10.0.0.254
      dns_servers :: 10.0.0.53 | 10.0.0.53`,
  },
  {
    title: 'a template of another CMDB',
    source: 'generic',
    columns: `
      hostname -> hostname :: a | b
      ip_address -> ip_address :: 10.0.0.1 | 10.0.0.2
      os_type -> operating_system :: Linux | Windows
      cpu_cores -> cpu_cores :: 2 | 4
      ram_total_gb -> memory_gb :: 4 | 8
      disk_total_gb -> storage_gb :: 40 | 80
      purpose -> description :: web | db`,
  },
  {
    title: 'connections',
    source: 'generic',
    columns: `
      Source IP :: 10.0.0.1 | 10.0.0.2 | 10.0.0.3 | 10.0.0.4 | 10.0.0.5
      Dest IP :: 10.0.1.1 | 10.0.1.2 | 10.0.1.3 | 10.0.1.4 | 10.0.1.5
      Port :: 80 | 443 | 22 | 3389 | 1
      Protocol :: tcp | tcp | tcp | tcp | tcp
      Source Host :: a | b | c | d | e
      Bytes :: 1 | 2 | 3 | 4 | 5`,
  },
  {
    title: 'licences',
    source: 'generic',
    optional: ['application_name'],
    columns: `
      Product :: Office | Windows
      Version :: 2019 | 10
      Key :: a | b
      Seats :: 5 | 10
      Owner -> business_owner :: x | y
      Price :: 1,200 | 300`,
  },
  {
    title: 'sites',
    source: 'generic',
    optional: ['name', 'location'],
    columns: `
      Name :: Berlin | Bonn
      City :: B | B
      Country :: DE | DE
      Address :: Str 1 | Str 2`,
  },
  {
    title: 'Lansweeper',
    source: 'generic',
    optional: ['location'],
    columns: `
      AssetName -> name :: SRV01 | SRV02 | PC-3
      Domain :: CORP | CORP | CORP
      Username :: ada | bob | eve
      IPAddress -> ip_address :: 10.0.0.1 | 10.0.0.2 | 10.0.0.3
      Mac :: 00:50:56:8b:74:7a | 00:50:56:8b:74:7b | 00:50:56:8b:74:7c
      Type :: Windows | Windows | Linux
      OS -> operating_system :: Win 2019 | Win 2016 | Ubuntu 20.04
      Manufacturer :: Dell | HP | HP
      Model :: R640 | DL380 | DL360
      IP Location :: Berlin | Berlin | Bonn
      First seen :: 2020-01-01
      Serialnumber -> serial_number :: ABC1 | ABC2 | ABC3
      Memory -> memory_gb :: 16384 | 32768 | 8192
      #CPU -> cpu_cores :: 2 | 2 | 1
      Description -> description :: a | b | c
      State :: Active | Active | Active`,
  },
  {
    title: 'SCCM',
    source: 'generic',
    optional: ['location', 'memory_gb'],
    columns: `
      Device Name -> name :: SRV01 | SRV02 | SRV03
      IP Addresses -> ip_address :: 10.0.0.1, fe80::1 | 10.0.0.2 | 10.0.0.3
      Operating System -> operating_system :: Microsoft Windows NT Server 10.0 | Microsoft Windows NT Server 10.0 | Microsoft Windows NT Workstation 10.0
      Last Logon User :: ada | b | c
      Site Code :: P01 | P01 | P01
      AD Site :: Berlin | Berlin | Bonn
      Total Physical Memory :: 16777216 | 8388608 | 4194304
      Client Version :: 5.0 | 5.0 | 5.0
      Serial Number -> serial_number :: S1 | S2 | S3`,
  },
  {
    title: 'vROps',
    source: 'generic',
    optional: ['memory_gb'],
    columns: `
      Name -> name :: web-01 | web-02
      vCenter :: vc1 | vc1
      Cluster Name :: c1 | c1
      Parent Host :: esx1 | esx2
      Guest OS Full Name -> operating_system :: Ubuntu Linux (64-bit) | Red Hat
      Number of virtual CPUs -> cpu_cores :: 2 | 4
      Memory|Total Capacity (KB) :: 4194304 | 8388608
      Configured Disk Space (GB) -> storage_gb :: 40 | 80
      IP Address -> ip_address :: 10.0.0.1 | 10.0.0.2
      Power State :: Powered On | Powered On
      CPU|Usage (%) :: 3 | 5`,
  },
  {
    title: 'Device42',
    source: 'generic',
    optional: ['cpu_cores', 'storage_gb', 'asset_type'],
    columns: `
      name -> name :: web-01 | web-02
      serial_no -> serial_number :: S1 | S2
      uuid :: u | v
      type :: virtual | physical
      virtual_host :: esx1 | 
      service_level :: Production | QA
      hw_model :: R640 | R640
      os -> operating_system :: CentOS | Ubuntu
      osver :: 7 | 20
      cpucount :: 2 | 4
      cpucore :: 8 | 4
      cpupower :: 2400 | 2500
      ram -> memory_gb :: 16 | 32
      hddcount :: 2 | 1
      hddsize :: 500 | 300
      customer :: A | B
      building -> location :: B1 | B1
      ip_addresses -> ip_address :: 10.0.0.1 | 10.0.0.2
      notes -> description ::  | x`,
  },
  {
    title: 'OCS Inventory',
    source: 'generic',
    columns: `
      Computer -> name :: PC1 | PC2
      User :: ada | bob
      Operating system -> operating_system :: Windows 10 | Windows 11
      RAM (MB) -> memory_gb :: 8192 | 16384
      CPU (MHz) :: 2400 | 2600
      Last inventory :: 2020 | 2021
      Account info: TAG :: A | B
      IP address -> ip_address :: 10.0.0.1 | 10.0.0.2
      Serial number -> serial_number :: S1 | S2
      CPU number -> cpu_cores :: 4 | 8`,
  },
  {
    title: 'a French spreadsheet',
    source: 'generic',
    columns: `
      Nom du serveur -> name :: srv-01 | srv-02
      Adresse IP -> ip_address :: 10.0.0.1 | 10.0.0.2
      Système d'exploitation -> operating_system :: Windows Server 2019 | Debian 11
      Nombre de vCPU -> cpu_cores :: 2 | 4
      Mémoire (Go) -> memory_gb :: 8 | 16
      Espace disque (Go) -> storage_gb :: 100 | 200
      Environnement -> environment :: Production | Recette
      Localisation -> location :: Paris | Lyon
      Responsable technique -> technical_owner :: A | B
      Propriétaire -> business_owner :: C | D
      Application -> application_name :: ERP | CRM
      Criticité -> criticality :: Élevée | Faible
      N° de série -> serial_number :: S1 | S2
      Type -> asset_type :: Serveur virtuel | Serveur physique
      Commentaires -> description :: x | y
      Statut :: Actif | Actif`,
  },
  {
    title: 'a Spanish spreadsheet',
    source: 'generic',
    columns: `
      Nombre del servidor -> name :: srv-01 | srv-02
      Dirección IP -> ip_address :: 10.0.0.1 | 10.0.0.2
      Sistema operativo -> operating_system :: Windows Server 2019 | Debian 11
      Núcleos de CPU -> cpu_cores :: 2 | 4
      Memoria RAM (GB) -> memory_gb :: 8 | 16
      Almacenamiento (GB) -> storage_gb :: 100 | 200
      Entorno -> environment :: Producción | Desarrollo
      Ubicación -> location :: Madrid | Sevilla
      Responsable técnico -> technical_owner :: A | B
      Propietario -> business_owner :: C | D
      Aplicación -> application_name :: ERP | CRM
      Criticidad -> criticality :: Alta | Baja
      Número de serie -> serial_number :: S1 | S2
      Tipo -> asset_type :: Servidor virtual | Servidor físico
      Observaciones -> description :: x | y
      Estado :: Activo | Activo
      Nombre de host -> hostname :: srv-01 | srv-02`,
  },
  {
    title: 'a German spreadsheet',
    source: 'generic',
    optional: ['asset_type', 'application_name'],
    columns: `
      Servername -> name :: srv-01 | srv-02
      IP-Adresse (primär) -> ip_address :: 10.0.0.1 | 10.0.0.2
      Betriebssystem / Version -> operating_system :: Windows Server 2019 | Debian 11
      Anzahl Kerne -> cpu_cores :: 2 | 4
      RAM in GB -> memory_gb :: 8 | 16
      Festplattengröße (GB) -> storage_gb :: 1.200,5 | 200
      Umgebung -> environment :: Produktion | Test
      Rechenzentrum -> location :: FRA | BER
      Technischer Ansprechpartner -> technical_owner :: A | B
      Fachverantwortlicher -> business_owner :: C | D
      Fachverfahren :: ERP | CRM
      Schutzbedarf -> criticality :: hoch | normal
      Seriennr. -> serial_number :: S1 | S2
      Servertyp :: virtuell | physisch
      Bemerkungen -> description :: x | y
      Status :: Aktiv | Aktiv
      Inventarnummer :: 1 | 2
      Hersteller :: HP | Dell
      Kostenstelle :: 4711 | 4712`,
  },
  {
    title: 'abbreviated headers',
    source: 'generic',
    optional: ['name'],
    columns: `
      Bez. :: srv-01 | srv-02 | srv-03 | srv-04 | srv-05
      Adr. -> ip_address :: 10.0.0.1 | 10.0.0.2 | 10.0.0.3 | 10.0.0.4 | 10.0.0.5
      Wert :: 1 | 2 | 3 | 4 | 5
      Sys -> operating_system :: Windows 2019 | Windows 2016 | Debian 10 | Debian 11 | RHEL 8
      Lebensphase -> environment :: prod | test | prod | prod | dev
      GW :: 10.0.0.254 | 10.0.0.254 | 10.0.1.254 | 10.0.0.254 | 10.0.0.254`,
  },
  {
    title: 'a spreadsheet of a migration',
    source: 'generic',
    optional: ['technical_owner'],
    columns: `
      Server Name -> name :: a1 | a2
      Host Name -> hostname :: a1.x.com | a2.x.com
      Server Type (Physical/Virtual) -> asset_type :: Virtual | Physical
      OS Version -> operating_system :: Windows 2016 | RHEL 7.9
      # of CPUs -> cpu_cores :: 2 | 4
      Memory (GB) -> memory_gb :: 8 | 16
      Allocated Storage (GB) -> storage_gb :: 100 | 200
      Used Storage (GB) :: 50 | 70
      Data Center -> location :: DC1 | DC2
      App Owner -> business_owner :: x | y
      Business Unit :: HR | FIN
      Environment (Prod/Dev) -> environment :: Prod | Dev
      Business Criticality -> criticality :: High | Low
      Migration Wave :: 1 | 2
      IP -> ip_address :: 10.1.1.1 | 10.1.1.2
      Cluster :: c | c
      Technical SME :: z | w
      DB Name ::  | hr
      Subnet :: 10.1.1.0 | 10.1.1.0`,
  },
  {
    title: 'Azure Migrate import',
    source: 'azure-migrate',
    columns: `
      *Server name -> name :: a | b
      IP addresses -> ip_address :: 10.0.0.1 | 10.0.0.2
      *Cores -> cpu_cores :: 2 | 4
      *Memory (In MB) -> memory_gb :: 8192 | 4096
      *OS name -> operating_system :: Windows Server 2019 | Ubuntu
      OS version :: 10 | 20.04
      OS architecture :: x64 | x64
      Number of disks :: 1 | 2
      Disk 1 size (In GB) :: 100 | 50
      CPU utilization percentage :: 3 | 4
      Server type :: Virtual | Virtual
      Hypervisor :: VMware | VMware
      FQDN -> fqdn :: a.x.com | b.x.com`,
  },
  {
    title: 'EC2',
    source: 'generic',
    optional: ['fqdn', 'operating_system', 'name', 'location'],
    columns: `
      InstanceId :: i-1 | i-2
      InstanceType :: t3.micro | m5.large
      PrivateIpAddress -> ip_address :: 10.0.0.1 | 10.0.0.2
      PublicIpAddress :: 3.3.3.3 | 
      PlatformDetails :: Linux/UNIX | Windows
      Tags.Name :: web | db
      State.Name :: running | stopped
      Placement.AvailabilityZone :: eu-central-1a | eu-central-1b
      PrivateDnsName :: ip-10-0-0-1.eu-central-1.compute.internal | ip-10-0-0-2.eu-central-1.compute.internal`,
  },
  {
    title: 'Azure portal',
    source: 'generic',
    columns: `
      NAME -> name :: vm1 | vm2
      SUBSCRIPTION :: s | s
      RESOURCE GROUP :: rg | rg
      LOCATION -> location :: westeurope | westeurope
      STATUS :: Running | Stopped
      OPERATING SYSTEM -> operating_system :: Windows | Linux
      SIZE :: Standard_D2 | Standard_D4
      PUBLIC IP ADDRESS :: 20.1.1.1 | 
      DISKS :: 2 | 1`,
  },
  {
    title: 'a vulnerability scan',
    source: 'generic',
    optional: ['name', 'description', 'criticality', 'fqdn'],
    columns: `
      IP -> ip_address :: 10.0.0.1 | 10.0.0.2 | 10.0.0.3
      Hostname -> hostname :: a.x.de | b.x.de | c.x.de
      OS -> operating_system :: Linux 3.x | Windows | Linux
      Port :: 22 | 80 | 443
      Severity :: High | Low | Low
      Name :: SSH weak | HTTP | TLS
      Description :: x | y | z`,
  },
  {
    title: 'a list of applications',
    source: 'generic',
    optional: ['name', 'application_name'],
    columns: `
      App ID :: 1 | 2
      Name :: SAP | CRM
      Owner -> business_owner :: A | B
      IT Owner -> technical_owner :: C | D
      Business Criticality -> criticality :: High | Low
      Lifecycle :: Active | Retired
      Hosting :: On-prem | SaaS
      Vendor :: SAP | MS
      Users :: 100 | 20`,
  },
  {
    title: 'a list of people',
    source: 'generic',
    optional: ['location'],
    columns: `
      Name :: Ada | Bob
      Department :: IT | HR
      Email :: a@x | b@x
      Phone :: 1 | 2
      Location :: B | C`,
  },
  {
    title: 'RVTools vDisk',
    source: 'generic',
    columns: `
      VM -> name :: a | a | b
      Disk :: Hard disk 1 | Hard disk 2 | Hard disk 1
      Capacity MiB :: 1024 | 2048 | 4096
      Host :: esx1 | esx1 | esx2
      Raw :: False | False | False`,
  },
  {
    title: 'Hyper-V',
    source: 'generic',
    optional: ['memory_gb'],
    columns: `
      VMName -> name :: a | b
      State :: Running | Off
      CPUUsage(%) :: 0 | 1
      MemoryAssigned(M) :: 2048 | 4096
      ProcessorCount -> cpu_cores :: 2 | 4
      ComputerName :: hv01 | hv02
      Generation :: 2 | 1
      MemoryStartup :: 4294967296 | 2147483648
      Version :: 9.0 | 9.0`,
  },
  {
    title: 'PowerCLI',
    source: 'generic',
    optional: ['operating_system'],
    columns: `
      Name -> name :: a | b
      PowerState :: PoweredOn | PoweredOff
      NumCpu -> cpu_cores :: 2 | 4
      MemoryGB -> memory_gb :: 8 | 16
      VMHost :: esx1 | esx2
      Folder :: vm | vm
      UsedSpaceGB :: 10.5 | 20.1
      ProvisionedSpaceGB -> storage_gb :: 40 | 80
      Guest.OSFullName :: Ubuntu | Windows
      ResourcePool :: r | r
      Notes -> description :: x | y`,
  },
  {
    title: 'Proxmox',
    source: 'generic',
    optional: ['cpu_cores', 'memory_gb', 'storage_gb'],
    columns: `
      vmid :: 100 | 101
      name -> name :: a | b
      status :: running | stopped
      node :: pve1 | pve2
      maxcpu :: 2 | 4
      maxmem :: 4294967296 | 8589934592
      maxdisk :: 34359738368 | 34359738368
      uptime :: 1 | 2
      type :: qemu | lxc`,
  },
  {
    title: 'CloudForms',
    source: 'generic',
    optional: ['business_owner'],
    columns: `
      VM Name -> name :: a | b
      Guest IP -> ip_address :: 10.0.0.1 | 10.0.0.2
      vCPUs -> cpu_cores :: 2 | 4
      RAM (GB) -> memory_gb :: 4 | 8
      Total Disk (GB) -> storage_gb :: 40 | 50
      ESXi Host :: e1 | e2
      Guest OS -> operating_system :: CentOS 7 | Windows Server 2016
      Owner Email :: a@x | b@x
      Tier :: Gold | Silver
      App Tier :: web | db
      DR Required :: Yes | No`,
  },
  {
    title: 'nodes',
    source: 'generic',
    columns: `
      Node -> name :: web-1 | web-2 | web-3
      Rack :: r1 | r2 | r3
      Role :: master | worker | worker`,
  },
  {
    title: 'addresses of several kinds',
    source: 'generic',
    columns: `
      Hostname -> hostname :: a | b | c
      Primary DNS :: 10.0.0.53 | 10.0.0.53 | 10.0.0.53
      Default Gateway :: 10.0.0.1 | 10.0.1.1 | 10.0.2.1
      IPv4 -> ip_address :: 10.0.0.7 | 10.0.1.7 | 10.0.2.7
      iLO IP :: 10.9.0.1 | 10.9.0.2 | 10.9.0.3
      Netmask :: 255.255.255.0 | 255.255.255.0 | 255.255.255.0`,
  },
];
