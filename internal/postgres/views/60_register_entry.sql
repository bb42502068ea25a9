DROP VIEW IF EXISTS api.register_entry CASCADE;
CREATE VIEW api.register_entry AS
SELECT e.unit_code, e.name, e.representative_mask, e.document_type, e.document_mask, e.status,
       e.registration_number, e.organization_code, e.updated_at
FROM faren.register_entry e;
GRANT SELECT ON api.register_entry TO faren_registrar, faren_support;
GRANT USAGE ON SCHEMA faren TO faren_admin;
GRANT INSERT (import_id, line, unit_code, name, name_key, representative_mask, representative_index, representative_sealed,
              document_type, document_mask, document_index, document_sealed, status, registration_number, organization_code)
    ON faren.register_staging TO faren_admin;
