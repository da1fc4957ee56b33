-- Run by a superuser, once for each server: the roles that the migrations would make, and the login of the service, which is
-- a member of both and of nothing else. psql -v password=… -f roles.sql
CREATE ROLE discovery_wiring_service NOLOGIN NOBYPASSRLS;
CREATE ROLE discovery_wiring_ingest NOLOGIN BYPASSRLS;
CREATE ROLE discovery_app LOGIN PASSWORD :'password' IN ROLE discovery_wiring_service, discovery_wiring_ingest;
