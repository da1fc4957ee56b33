#!/bin/sh
# For docker-entrypoint-initdb.d of the PostgreSQL image.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DISCOVERY_APP_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f /roles.sql
