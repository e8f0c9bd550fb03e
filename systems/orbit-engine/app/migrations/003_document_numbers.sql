-- Document numbers of customers, encrypted where the organization has a key (ORB-19).
--
-- The application holds the key and puts it into the setting app.document_key, local to its transaction; the
-- server stores none. An organization encrypts from the day it calls encrypt_document_numbers(): of each number
-- stay the ciphertext, an HMAC that keeps it unique and findable, and the last four characters. A digest
-- without a key would not do: all eight-digit numbers are tried in a second.

-- migrate:up

-- The key of the transaction, if it is the organization's; otherwise an error that names the rule.
CREATE FUNCTION document_key(key_check bytea, organization uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  key constant text := nullif(current_setting('app.document_key', true), '');
BEGIN
  IF key IS NULL OR hmac(organization::text, key, 'sha256') <> key_check THEN
    RAISE 'document numbers of this organization are encrypted, and app.document_key does not hold its key'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_document_key', TABLE = 'customers';
  END IF;
  RETURN key;
END
$$;

-- What two equal numbers have in common: the number itself, or its HMAC.
CREATE FUNCTION document_fingerprint(organization uuid, number text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
  key_check constant bytea := (SELECT o.document_key_check FROM organizations o WHERE o.id = organization);
BEGIN
  RETURN CASE WHEN key_check IS NULL THEN number
              ELSE encode(hmac(number, document_key(key_check, organization), 'sha256'), 'hex') END;
END
$$;

-- A number that stays as it is needs no key: telephone numbers change more often than documents.
CREATE FUNCTION protect_document_number() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  key_check constant bytea := (SELECT o.document_key_check FROM organizations o WHERE o.id = NEW.organization_id);
  number    constant text := NEW.document_number;
BEGIN
  IF TG_OP = 'UPDATE' AND number = OLD.document_number
     AND (OLD.document_number_encrypted IS NULL) = (key_check IS NULL) THEN
    NEW.document_number_encrypted := OLD.document_number_encrypted;
    NEW.document_fingerprint := OLD.document_fingerprint;
    RETURN NEW;
  END IF;
  NEW.document_fingerprint := document_fingerprint(NEW.organization_id, number);
  IF key_check IS NULL THEN
    NEW.document_number_encrypted := NULL;
  ELSE
    NEW.document_number_encrypted :=
      pgp_sym_encrypt(number, document_key(key_check, NEW.organization_id), 'cipher-algo=aes256');
    NEW.document_number := '****' || CASE WHEN length(number) > 6 THEN right(number, 4) ELSE '' END;
  END IF;
  RETURN NEW;
END
$$;

-- The key check is written once: without it numbers would go into the table in clear again.
CREATE FUNCTION guard_organization() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.document_key_check IS NOT NULL
     OR TG_OP = 'UPDATE' AND OLD.document_key_check IS NOT NULL
        AND NEW.document_key_check IS DISTINCT FROM OLD.document_key_check
     OR TG_OP = 'UPDATE' AND OLD.document_key_check IS NULL AND NEW.document_key_check IS NOT NULL
        AND NEW.document_key_check IS DISTINCT FROM
            hmac(NEW.id::text, nullif(current_setting('app.document_key', true), ''), 'sha256') THEN
    RAISE 'document_key_check is set once, by encrypt_document_numbers()'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'organizations_document_key_once', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;

-- Encrypts what the organization of the transaction has, and from now on whatever it adds.
-- Returns how many numbers were in clear.
CREATE FUNCTION encrypt_document_numbers() RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  organization constant uuid := nullif(current_setting('app.current_organization', true), '')::uuid;
  key          constant text := nullif(current_setting('app.document_key', true), '');
  encrypted    bigint;
BEGIN
  IF length(key) >= 16 IS NOT TRUE THEN
    RAISE 'app.document_key must hold a key of 16 characters or more'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'customers_document_key', TABLE = 'customers';
  END IF;
  UPDATE organizations o
     SET document_key_check = hmac(organization::text, key, 'sha256')
   WHERE o.id = organization AND o.document_key_check IS NULL;
  UPDATE customers c
     SET document_number = c.document_number
   WHERE c.organization_id = organization AND c.document_number_encrypted IS NULL;
  GET DIAGNOSTICS encrypted = ROW_COUNT;
  RETURN encrypted;
END
$$;

-- The whole number, for whoever holds the key.
CREATE FUNCTION customer_document_number(customer uuid) RETURNS text
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT CASE WHEN c.document_number_encrypted IS NULL THEN c.document_number
              ELSE pgp_sym_decrypt(c.document_number_encrypted, document_key(o.document_key_check, o.id)) END
    FROM customers c JOIN organizations o ON o.id = c.organization_id
   WHERE c.id = customer
$$;

-- The customer of a document, encrypted or not, in the organization of the transaction.
CREATE FUNCTION customer_by_document(type text, number text) RETURNS uuid
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT c.id
    FROM customers c
   WHERE c.organization_id = nullif(current_setting('app.current_organization', true), '')::uuid
     AND c.document_type = type
     AND c.document_fingerprint = document_fingerprint(c.organization_id, number)
     AND c.deleted_at IS NULL
$$;

CREATE TRIGGER guard_organization BEFORE INSERT OR UPDATE ON organizations
  FOR EACH ROW EXECUTE FUNCTION guard_organization();
CREATE TRIGGER protect_document_number BEFORE INSERT OR UPDATE ON customers
  FOR EACH ROW EXECUTE FUNCTION protect_document_number();

-- migrate:down

DROP FUNCTION customer_by_document(text, text), customer_document_number(uuid), encrypt_document_numbers();
DROP TRIGGER protect_document_number ON customers;
DROP TRIGGER guard_organization ON organizations;
DROP FUNCTION guard_organization(), protect_document_number(), document_fingerprint(uuid, text),
  document_key(bytea, uuid);
